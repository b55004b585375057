/*
 * GET /profile-qr.svg?emailaddress=…: the address of a profile as a QR code, to be carried from
 * a computer to the phone that shall have it. Drawn by libqrencode; the picture is ours.
 */
#include "config.h"

#include "asked.h"
#include "handler.h"

#if HAVE_QRENCODE
#include <qrencode.h>
#endif

#include <stdio.h>

enum {
	URL_MOST = 700, /* bytes: longer ones make codes that no camera reads from a screen */
	QUIET_ZONE = 4, /* modules around it, which the standard wants free */
};

#if HAVE_QRENCODE
/* Runs of dark modules, row by row, as one path; relative, so that it stays short. */
static bool write_path(struct buf *path, const QRcode *code)
{
	int width = code->width;

	for (int y = 0; y < width; y++) {
		for (int x = 0; x < width; x++) {
			int start = x;

			while (x < width && (code->data[y * width + x] & 1))
				x++;
			if (x > start)
				buf_addf(path, "M%d %dh%dv1h-%dz", start + QUIET_ZONE,
					 y + QUIET_ZONE, x - start, x - start);
		}
	}
	return !buf_failed(path);
}

static bool write_svg(struct buf *svg, const char *url)
{
	QRcode *code = QRcode_encodeString8bit(url, 0, QR_ECLEVEL_L);
	bool good;

	if (!code)
		return false;
	buf_addf(svg,
		 "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
		 "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
		 code->width + 2 * QUIET_ZONE, code->width + 2 * QUIET_ZONE,
		 code->width + 2 * QUIET_ZONE, code->width + 2 * QUIET_ZONE);
	good = write_path(svg, code);
	buf_add(svg, STR("\"/></svg>\n"));
	QRcode_free(code);
	return good;
}
#else
static bool write_svg(struct buf *svg, const char *url)
{
	(void)svg;
	(void)url;
	return false;
}
#endif

/* The profile's address on the host that each domain has for this daemon. */
static bool make_url(const struct address *address, char url[URL_MOST])
{
	char escaped[ADDRESS_MOST * ESCAPE_URL_MOST];
	struct str text = { .p = escaped, .len = escape_url(address->text, escaped) };
	int len = snprintf(url, URL_MOST,
			   "https://autoconfig.%s/profile.mobileconfig?emailaddress=%.*s",
			   address->domain.text, STR_ARGS(text));

	return len > 0 && len < URL_MOST;
}

void profile_qr_answer(const struct snapshot *snapshot, const struct request *request,
		       const struct uri *uri, struct reply *reply)
{
	char buffer[URI_VALUE_MOST];
	char url[URL_MOST];
	struct str text;
	struct address address;
	struct asked asked;
	struct buf svg = BUF_EMPTY;

	(void)request;
	if (uri_parameter_once(uri->query, STR("emailaddress"), buffer, &text) == URI_PRESENT &&
	    address_parse(text, &address) &&
	    asked_by_domain(snapshot_table(snapshot), &address.domain, &asked) &&
	    asked.provider->apple && make_url(&address, url) && write_svg(&svg, url)) {
		reply->status = 200;
		reply->content_type = "image/svg+xml";
		reply->cache_control = "no-store";
		reply_take(reply, &svg);
	} else {
		reply_not_found(reply);
	}
	buf_fini(&svg);
}
