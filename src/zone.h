/* Records as a zone file has them (RFC 1035 section 5.1). */
#ifndef MAILCONFD_ZONE_H
#define MAILCONFD_ZONE_H

#include "buf.h"
#include "records.h"

/* What stands behind the type of a record that is not open. */
void zone_write_data(struct buf *buf, const struct dns_record *record);

/* All records of a domain, by what they are for, with what people should know of them. */
void zone_write(struct buf *buf, const struct records *records);

/* "SRV" and the like. */
const char *dns_type_name(enum dns_type type);

#endif
