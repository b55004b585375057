/*
 * The protocols' entry points: route.c calls them, each is in the file of its name. Method
 * and path have been checked.
 */
#ifndef MAILCONFD_HANDLER_H
#define MAILCONFD_HANDLER_H

#include "reply.h"
#include "request.h"
#include "snapshot.h"
#include "uri.h"

typedef void handler(const struct snapshot *snapshot, const struct request *request,
		     const struct uri *uri, struct reply *reply);

handler autoconfig_answer;
handler autoconfig_answer_database;
handler autodiscover_answer;
handler autodiscover_json_answer;
handler health_answer;
handler mobileconfig_answer;
handler pacc_answer;
handler page_answer;
handler page_answer_icon;
handler page_answer_script;
handler page_answer_style;
handler profile_qr_answer;
handler tls_ask_answer;
handler well_known_answer_caldav;
handler well_known_answer_carddav;
handler well_known_answer_jmap;

#endif
