/* mailconf schema: the JSON Schema of table files, made from the descriptions. */
#include "config.h"

#include "command.h"
#include "schema.h"

#include <stdio.h>
#include <stdlib.h>

static int run(struct invocation *invocation)
{
	char *schema = table_schema();
	int status = schema && printf("%s\n", schema) >= 0 ? 0 : 1;

	(void)invocation;
	free(schema);
	return status;
}

const struct command cmd_schema = {
	.name = "schema",
	.help = "print the JSON Schema of tables",
	.operands = "",
	.about = "Prints the JSON Schema of tables, for editors.",
	.run = run,
};
