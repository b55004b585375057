/* mailconf schema: the JSON Schema of table files, made from the descriptions. */
#include "config.h"

#include "command.h"
#include "schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cmd_schema(int argc, char **argv)
{
	char *schema;

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		printf("Usage: mailconf schema\n"
		       "Prints the JSON Schema of tables, for editors.\n");
		return 0;
	}
	if (argc > 1) {
		fprintf(stderr, "mailconf schema: unexpected \"%s\"\n", argv[1]);
		return 2;
	}
	schema = table_schema();
	if (!schema || printf("%s\n", schema) < 0) {
		free(schema);
		return 1;
	}
	free(schema);
	return 0;
}
