/* README.txt of an export: for whoever finds the folder on a server. */
#include "config.h"

#include "export_rules.h"

static const char layout[] =
	"Mail settings as static files\n"
	"=============================\n"
	"\n"
	"Made by \"mailconf export --static\": what mailconfd answers to mail\n"
	"programs, as files, with the rules that make a web server answer alike.\n"
	"The next export writes all of this anew; edit copies. It changes and\n"
	"removes only what .mailconf-export lists, so files of your own may stay.\n"
	"\n"
	"sites/HOST/...          the answers of one host: the root of that site\n"
	"sites/HOST/_headers     the rules for Netlify and Cloudflare Pages, where\n"
	"sites/HOST/_redirects   each host is a site of its own\n"
	"sites/HOST/404.html     there; without one Cloudflare says 200 to any path\n"
	"errors/                 the texts of errors, for Apache\n"
	"nginx.conf              nginx: what is looked up, for http{}\n"
	"nginx-locations.conf    nginx: the paths, for server{}\n"
	"nginx-example.conf      nginx: a whole server; copy it and edit the copy\n"
	"apache.conf             Apache 2.4: the paths, for <VirtualHost>\n"
	"apache-map.txt          Apache: what is looked up\n"
	"apache-example.conf     Apache: whole servers; copy it and edit the copy\n"
	"\n"
	"An answer is the file of the path that programs ask for, in lower case.\n"
	"Only those of Autodiscover's JSON are elsewhere, in autodiscover/json/: they\n"
	"share one path, and the query chooses.\n";

static const char set_up[] =
	"\n"
	"Setting up\n"
	"----------\n"
	"\n"
	"1. DNS: for each mail domain D the names autoconfig.D and autodiscover.D,\n"
	"   and, for programs that know PACC, ua-auto-config.D, lead to the web\n"
	"   server. A certificate covers all of them.\n"
	"2. Copy nginx-example.conf or apache-example.conf to where the server has\n"
	"   its configuration, and edit the certificate lines of the copy.\n"
	"3. D may have a web site of its own. Include nginx-locations.conf or\n"
	"   apache.conf in it, as the last lines of the example say, for http and\n"
	"   https alike. The site keeps everything but the paths of mail programs.\n"
	"   (In Apache its log then has their queries, which hold mail addresses.)\n"
	"   Without this step programs find all but calendars, address books and\n"
	"   JMAP, which they look for at D itself.\n"
	"4. After a change of the table: export again, and reload the web server.\n"
	"   Files that do not change keep their time, so rsync has little to do.\n"
	"\n"
	"Try it, for each D:\n"
	"\n"
	"    curl -i https://autoconfig.D/mail/config-v1.1.xml\n"
	"    curl -i -d x https://autodiscover.D/Autodiscover/Autodiscover.xml\n"
	"\n"
	"With thousands of names nginx may warn about its hashes: set\n"
	"map_hash_max_size in http{}, as the warning says.\n";

static const char cdn[] =
	"\n"
	"Netlify, Cloudflare Pages\n"
	"-------------------------\n"
	"\n"
	"Each folder of sites/ is a site, and its name the custom domain. What such\n"
	"a service cannot do: paths in any case (there are only the usual spellings\n"
	"of autodiscover.xml), answers to POST, Autodiscover's JSON (the query\n"
	"chooses), the database (/v1.1/D), OPTIONS, and 404 as plain text.\n"
	"Thunderbird and Delta Chat get all they need; Outlook does not.\n";

static const char lost[] =
	"\n"
	"What only the daemon can do\n"
	"---------------------------\n"
	"\n"
	"A file knows the host that is asked, and not the address.\n"
	"\n"
	"- A POST to autodiscover.xml is answered like a GET: with the settings of\n"
	"  the host's domain, whatever the address is, and without User and\n"
	"  LoginName. Thunderbird and Delta Chat then take the full address as\n"
	"  login. Outlook takes what is before the \"@\": keep the daemon where people\n"
	"  use Outlook, and where the login is not the address.\n"
	"- A POST for ActiveSync (mobilesync) gets that document, too. It should be\n"
	"  told where ActiveSync is, or that there is none.\n"
	"- Profiles for Apple devices need an address; there are none here.\n"
	"- An address in a query does not count. Hosts that programs ask about other\n"
	"  people's domains, by the name of a mail exchanger or by an SRV record,\n"
	"  answer for their own.\n"
	"- A domain below a wildcard of the table has to be named to the export.\n"
	"- The texts of errors in JSON are one for all. ETag is the web server's\n"
	"  own. There is no /healthz.\n";

void export_readme(struct buf *buf, const struct export_rules *rules)
{
	buf_add(buf, str_of(layout));
	buf_addf(buf,
		 "\nThe rules expect this folder at %.*s.\n"
		 "For another place, export with --root, and copy.\n",
		 STR_ARGS(rules->root));
	buf_add(buf, str_of(set_up));
	buf_add(buf, str_of(cdn));
	buf_add(buf, str_of(lost));
}
