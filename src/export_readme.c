/* README.txt of an export: for whoever finds the folder on a server. */
#include "config.h"

#include "export_rules.h"

static const char layout[] =
	"Mail settings as static files\n"
	"=============================\n"
	"\n"
	"Made by \"mailconf export --static\": what mailconfd answers to mail programs, as files, with\n"
	"the rules that make a web server answer alike. Everything here is written anew by the next\n"
	"export; edit copies. Files of your own may lie here too: an export only changes and removes\n"
	"what .mailconf-export lists.\n"
	"\n"
	"sites/HOST/...          the answers of one host; the folder is that site's root\n"
	"sites/HOST/_headers     the same rules for Netlify and Cloudflare Pages,\n"
	"sites/HOST/_redirects   where each host is a site of its own;\n"
	"sites/HOST/404.html     without it, Cloudflare Pages says 200 to every path\n"
	"errors/                 the texts of errors, for Apache\n"
	"nginx.conf              nginx: what is looked up, for http{}\n"
	"nginx-locations.conf    nginx: the paths, for server{}\n"
	"nginx-example.conf      nginx: a whole server; copy this and edit the copy\n"
	"apache.conf             Apache 2.4: the paths, for <VirtualHost>\n"
	"apache-map.txt          Apache: what is looked up\n"
	"apache-example.conf     Apache: whole servers; copy this and edit the copy\n"
	"\n"
	"The files of answers lie where programs ask for them, in lower case. Only the answers of\n"
	"Autodiscover's JSON have names of their own, in autodiscover/json/: one path, and the query\n"
	"chooses.\n";

static const char set_up[] =
	"\n"
	"Setting up\n"
	"----------\n"
	"\n"
	"1. DNS: for each mail domain D the names autoconfig.D and autodiscover.D, and ua-auto-config.D\n"
	"   where sites/ has it, lead to the web server. A certificate covers all of them.\n"
	"2. Copy nginx-example.conf or apache-example.conf into the server's configuration, and edit\n"
	"   the two certificate lines of the copy. With many names nginx may ask for a larger\n"
	"   map_hash_max_size, which belongs into http{}.\n"
	"3. Has D a web site of its own? Include nginx-locations.conf or apache.conf there, as the last\n"
	"   lines of the example say: the site keeps everything but the paths of mail programs. Include\n"
	"   it for http, too: it answers both. (Without that, a program loses nothing that\n"
	"   autoconfig.D and autodiscover.D do not tell it, but calendars: /.well-known/caldav of D.)\n"
	"4. After each change of the table: export again, and reload the web server. Files that do not\n"
	"   change keep their time, so copying with rsync is quick.\n";

static const char cdn[] =
	"\n"
	"Netlify, Cloudflare Pages\n"
	"-------------------------\n"
	"\n"
	"Each folder of sites/ is a site with the custom domain of its name. What such a service cannot\n"
	"do: paths in any case (only the usual spellings of autodiscover.xml are there), answers to POST,\n"
	"Autodiscover's JSON (the query chooses), the database (/v1.1/D), and OPTIONS.\n";

static const char lost[] =
	"\n"
	"What only the daemon can do\n"
	"---------------------------\n"
	"\n"
	"A file knows the host that is asked, and not the address.\n"
	"\n"
	"- A POST to autodiscover.xml is answered as a GET: with the settings of the host's domain,\n"
	"  whatever the address is, and without User and LoginName. Thunderbird and Delta Chat then use\n"
	"  the full address as login. Outlook takes what stands before the \"@\" where LoginName is\n"
	"  missing: keep the daemon where people use Outlook, and where the login is not the address.\n"
	"- mobilesync (ActiveSync by POST) gets the same document, and no refusal.\n"
	"- Profiles for Apple devices need an address: they are not here.\n"
	"- An address in the query does not count. A host that programs ask about other people's domains\n"
	"  (by a mail exchanger's name, by an SRV record) answers for its own.\n"
	"- Wildcards of the table: a domain below one has to be named to the export.\n"
	"- ETag is the web server's own, and there is no /healthz.\n";

void export_readme(struct buf *buf, const struct export_rules *rules)
{
	buf_add(buf, str_of(layout));
	buf_addf(buf,
		 "\nThe rules expect this folder at %.*s. For another place, export with\n"
		 "\"--root\" and copy it there.\n",
		 STR_ARGS(rules->root));
	buf_add(buf, str_of(set_up));
	buf_add(buf, str_of(cdn));
	buf_add(buf, str_of(lost));
}
