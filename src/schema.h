/* The JSON Schema of table files. */
#ifndef MAILCONFD_SCHEMA_H
#define MAILCONFD_SCHEMA_H

/* Made from the descriptions of fields.h. Owned text without a line end, or NULL. */
char *table_schema(void);

#endif
