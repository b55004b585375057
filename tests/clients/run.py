#!/usr/bin/python3
"""Lets a real mail program look up an address, in a network of its own, and prints where it arrives.

    tests/clients/run.py kmail alice@q.com --web autoconfig.q.com --http 127.0.0.1:8080

The output is JSON: .found is the driver's (see the modules of that name), .record what was asked.
"""

import argparse
import importlib
import json
import os
import sys
import tempfile
import time

import stage

# name: its module, and the function in it
CLIENTS = {"deltachat": ("deltachat", "run"), "evolution": ("evolution", "run"), "horde": ("horde", "run"),
           "kmail": ("kmail", "run"), "thunderbird": ("thunderbird", "run"),
           "thunderbird-window": ("thunderbird", "run_window")}
# for the start of a program and the network, beside what the look-up is given
START = 60
# of what a client prints, its end
SAID = 4000


def place(text):
    host, _, port = text.rpartition(":")
    return host, int(port)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("client", choices=sorted(CLIENTS))
    parser.add_argument("address")
    parser.add_argument("--web", nargs="+", default=[], metavar="HOST",
                        help="names that resolve and have ports 80 and 443")
    parser.add_argument("--mail", nargs="+", default=[], metavar="HOST",
                        help="names that resolve and have a mail server that says yes")
    parser.add_argument("--exchanger", nargs=2, action="append", default=[], metavar=("DOMAIN", "HOST"))
    parser.add_argument("--http", type=place, required=True, metavar="HOST:PORT", help="where port 80 leads")
    parser.add_argument("--https", type=place, metavar="HOST:PORT",
                        help="where port 443 leads (default: --http)")
    parser.add_argument("--authority", metavar="PEM",
                        help="--https does TLS, with a certificate of this authority; else TLS ends here, "
                             "and --https gets plain HTTP with X-Forwarded-Proto")
    parser.add_argument("--limit", type=int, default=60, help="seconds for the look-up")
    return parser.parse_args()


def main():
    given = arguments()
    if os.geteuid():
        sys.exit("run.py: it makes network namespaces, so it must be root")
    name, function = CLIENTS[given.client]
    client = importlib.import_module(name)
    if hasattr(client, "prepare"):
        client.prepare()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mailconfd-client-") as folder:
        plan = stage.Plan(folder, given.web or ["localhost"], given.mail, given.exchanger, given.http,
                          given.https or given.http, given.authority, given.limit + START)
        found, ended, record = stage.run(plan, lambda: getattr(client, function)(given.address, given.limit))
        if found and hasattr(client, "conclude"):
            client.conclude(found, record)
        if found:
            found["said"] = found.get("said", "")[-SAID:]
    json.dump({"found": found, "ended": ended, "seconds": round(time.monotonic() - started, 1),
               "record": record.rows()}, sys.stdout, indent=1, ensure_ascii=False)
    print()
    sys.stdout.flush()
    os._exit(0 if found else 1)  # threads of connections may still wait for a peer


if __name__ == "__main__":
    main()
