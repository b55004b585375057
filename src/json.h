/*
 * JSON files, read strictly with jansson, with the place of every key and value.
 *
 * jansson keeps no places. They are found by walking the text once more beside the parsed
 * values, and only when the first finding asks.
 */
#ifndef MAILCONFD_JSON_H
#define MAILCONFD_JSON_H

#include "buf.h"
#include "diag.h"
#include "str.h"

#include <jansson.h>

struct json_file;

/*
 * Loads and parses. Duplicate keys, invalid UTF-8 and anything behind the document are
 * errors. Returns owned, or NULL after a diagnostic.
 */
struct json_file *json_file_load(const char *path, struct diags *diags);
void json_file_free(struct json_file *file);

/* Where a value came from that was made of a file of another kind. Both NULL: the whole. */
typedef struct place json_origin(const void *closure, const json_t *parent, const json_t *value);

/*
 * A document that was made, not parsed: `origin` says the places in the file at `path`.
 * Returns owned, or NULL when out of memory; path and closure are borrowed.
 */
struct json_file *json_file_made(const char *path, json_origin *origin, const void *closure);

/* NULL of one that was made. */
const json_t *json_file_root(const struct json_file *file);
const char *json_file_path(const struct json_file *file);

/* Where the document's root, an object's key or value, or an array's element stands. */
struct place json_root_place(struct json_file *file);
struct place json_key_place(struct json_file *file, const json_t *object, const char *key);
struct place json_value_place(struct json_file *file, const json_t *object, const char *key);
struct place json_item_place(struct json_file *file, const json_t *array, size_t index);

/* "a number", "an object", "the text "imap"", for "expected …, found …". Owned, or NULL. */
char *json_describe(const json_t *value);

/* Text in quotation marks, with what cannot be seen written out, cut where it gets long. */
void json_describe_text(struct buf *buf, struct str text);

#endif
