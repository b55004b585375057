/* mailconf dns: the records of domains, as a zone file or as JSON. */
#include "config.h"

#include "command.h"
#include "records.h"
#include "tool.h"
#include "zone.h"

#include <jansson.h>
#include <stdio.h>

enum { OWN_FORMAT };

static const char *const formats[] = { "zone", "json", NULL };

static const char *next_format(const char *word)
{
	size_t i = 0;

	while (word && strcmp(formats[i], word) != 0)
		i++;
	return formats[i + (word != NULL)];
}

/* --- The daemon's host ---------------------------------------------------- */

/* A host that has a name has no addresses beside it in the same record, and no second name. */
static bool read_host(const struct invocation *invocation, struct records_host *ret_host)
{
	const struct option_list *list = &invocation->options.host;
	struct arena *arena = invocation->options.arena;
	struct ip *addresses = arena_array(arena, list->count, sizeof(*addresses));
	struct records_host host = { .addresses = addresses };

	if (!addresses)
		return list->count == 0;
	for (size_t i = 0; i < list->count; i++) {
		struct domain name;

		if (ip_parse(str_of(list->values[i]), &addresses[host.address_count]))
			host.address_count++;
		else if (domain_parse(str_of(list->values[i]), &name))
			host.name = arena_str(arena, domain_str(&name));
	}
	if (host.name.len && list->count > 1) {
		command_complain(invocation->command,
				 "--host: expected one host name, or IP addresses; found both, "
				 "or several names");
		return false;
	}
	*ret_host = host;
	return true;
}

/* --- Formats -------------------------------------------------------------- */

static bool print_zone(const struct records *records, bool is_first)
{
	struct buf buf = BUF_EMPTY;
	bool good;

	if (!is_first)
		buf_addc(&buf, '\n');
	zone_write(&buf, records);
	good = !buf_failed(&buf);
	if (good)
		fwrite(buf.p, 1, buf.len, stdout);
	buf_fini(&buf);
	return good;
}

static json_t *text_of(struct str text)
{
	return json_stringn(text.p ? text.p : "", text.len);
}

/* `suffix` stands behind the name where that is not empty. */
static json_t *name_of(struct str name, const char *separator, struct str suffix)
{
	return json_sprintf("%.*s%s%.*s.", STR_ARGS(name), separator, STR_ARGS(suffix));
}

static json_t *data_of(const struct dns_record *record)
{
	struct buf buf = BUF_EMPTY;
	json_t *data;

	if (record->open)
		return json_null();
	zone_write_data(&buf, record);
	data = buf_failed(&buf) ? NULL : text_of(buf_str(&buf));
	buf_fini(&buf);
	return data;
}

/* The same once more in parts, for programs that hand records to a provider's interface. */
static bool add_parts(json_t *object, const struct dns_record *record)
{
	if (record->type == RECORD_TXT)
		return json_object_set_new(object, "text", text_of(record->data)) == 0;
	if (record->type != RECORD_SRV)
		return true;
	return json_object_set_new(object, "priority", json_integer(record->priority)) == 0 &&
	       json_object_set_new(object, "weight", json_integer(record->weight)) == 0 &&
	       json_object_set_new(object, "port", json_integer(record->port)) == 0 &&
	       json_object_set_new(object, "target", name_of(record->data, "", STR(""))) == 0;
}

static bool add_record(json_t *list, const struct records *records, const struct dns_record *record)
{
	json_t *object = json_object();
	const char *type = dns_type_name(record->type);
	struct str domain = domain_str(&records->domain);
	bool good = json_object_set_new(object, "domain", text_of(domain)) == 0 &&
		    json_object_set_new(object, "name", name_of(record->label, ".", domain)) == 0 &&
		    json_object_set_new(object, "type", json_string(type)) == 0 &&
		    json_object_set_new(object, "ttl", json_integer(record->ttl)) == 0 &&
		    json_object_set_new(object, "data", data_of(record)) == 0 &&
		    add_parts(object, record);

	return json_array_append_new(list, object) == 0 && good;
}

static bool add_records(json_t *list, const struct records *records)
{
	bool good = true;

	for (unsigned group = 0; group < RECORD_GROUPS; group++) {
		for (size_t i = 0; i < records->count; i++) {
			if (records->items[i].group == group)
				good = add_record(list, records, &records->items[i]) && good;
		}
	}
	return good;
}

static bool print_json(const json_t *list)
{
	bool good = json_dumpf(list, stdout, JSON_INDENT(2)) == 0;

	printf("\n");
	return good;
}

/* --- Run ------------------------------------------------------------------ */

/* One printing in progress. */
struct printing {
	const struct invocation *invocation;
	struct snapshot *snapshot;
	struct records_host host;
	json_t *list; /* NULL: zone files */
	size_t printed;
	bool has_open; /* a record that lacks the daemon's host */
};

/* A domain, or an address for its domain. */
static bool find_domain(const struct command *command, const char *operand,
			struct domain *ret_domain)
{
	const char *at = strrchr(operand, '@');

	if (domain_parse(str_of(at ? at + 1 : operand), ret_domain))
		return true;
	command_complain(command, "\"%s\" is no domain name", operand);
	return false;
}

static void complain_unknown(const struct printing *printing, const struct domain *domain)
{
	const struct table *table = snapshot_table(printing->snapshot);
	struct match match;
	bool known = table_find_domain(table, domain_str(domain), &match);

	command_complain(printing->invocation->command, "%s: %s", domain->text,
			 known ? "not answered: no incoming server of its provider is on"
			       : "not in the table");
}

static bool has_open(const struct records *records)
{
	for (size_t i = 0; i < records->count; i++) {
		if (records->items[i].open)
			return true;
	}
	return false;
}

static bool print_domain(struct printing *printing, const char *operand)
{
	struct arena *arena = printing->invocation->options.arena;
	struct records records;
	struct domain domain;

	if (!find_domain(printing->invocation->command, operand, &domain))
		return false;
	if (!records_make(arena, printing->snapshot, &domain, &printing->host, &records)) {
		complain_unknown(printing, &domain);
		return false;
	}
	printing->has_open = printing->has_open || has_open(&records);
	if (!arena_failed(arena) &&
	    (printing->list ? add_records(printing->list, &records)
			    : print_zone(&records, printing->printed++ == 0)))
		return true;
	command_complain(printing->invocation->command, "out of memory");
	return false;
}

static bool print_all(struct printing *printing)
{
	const struct invocation *invocation = printing->invocation;
	bool good = read_host(invocation, &printing->host);

	if (!good)
		return false;
	if (strcmp(invocation->own[OWN_FORMAT], "json") == 0)
		printing->list = json_array();
	for (int i = 0; i < invocation->operand_count; i++)
		good = print_domain(printing, invocation->operands[i]) && good;
	if (printing->list)
		good = print_json(printing->list) && good;
	json_decref(printing->list);
	if (printing->has_open)
		command_complain(invocation->command,
				 "the names of the daemon lead nowhere yet: say its host name, or "
				 "its addresses, with --host or with \"host\" in the settings");
	return good;
}

static int run(struct invocation *invocation)
{
	struct printing printing = {
		.invocation = invocation,
		.snapshot = tool_load(&invocation->options),
	};
	bool good = printing.snapshot && print_all(&printing);

	snapshot_unref(printing.snapshot);
	return good ? 0 : 1;
}

const struct command cmd_dns = {
	.name = "dns",
	.help = "print the DNS records that domains should have",
	.operands = "DOMAIN...",
	.about = "Prints the DNS records that domains of the table should have.",
	.least = 1,
	.most = -1,
	.loads = true,
	.own = {
		[OWN_FORMAT] = { .name = "format", .argument = "FORMAT", .standard = "zone",
				 .next_word = next_format, .help = "the form of the output" },
	},
	.run = run,
};
