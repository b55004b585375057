/* The table of counters. Its seed is random: nobody can choose addresses that meet. */
#include "config.h"

#include "peers.h"

#include "map.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/random.h>

struct peers {
	uint64_t seed;
	size_t size; /* a power of two */
	unsigned limit;
	atomic_ushort counts[];
};

struct peers *peers_new(unsigned connections, unsigned limit)
{
	size_t size = 1024;
	struct peers *peers;

	while (size < (size_t)connections * 8)
		size *= 2;
	peers = calloc(1, sizeof(*peers) + size * sizeof(peers->counts[0]));
	if (!peers)
		return NULL;
	peers->size = size;
	peers->limit = limit;
	if (getrandom(&peers->seed, sizeof(peers->seed), GRND_NONBLOCK) < 0)
		peers->seed = (uint64_t)(uintptr_t)peers;
	return peers;
}

void peers_free(struct peers *peers)
{
	free(peers);
}

static size_t place_of(const struct peers *peers, const struct ip *client)
{
	struct ip part = ip_client_part(*client);
	struct str bytes = { .p = (const char *)part.bytes, .len = sizeof(part.bytes) };

	return hash_bytes(bytes, peers->seed) & (peers->size - 1);
}

bool peers_is_full(const struct peers *peers, const struct ip *client)
{
	const atomic_ushort *count = &peers->counts[place_of(peers, client)];

	return atomic_load_explicit(count, memory_order_relaxed) >= peers->limit;
}

void peers_enter(struct peers *peers, const struct ip *client)
{
	atomic_fetch_add_explicit(&peers->counts[place_of(peers, client)], 1,
				  memory_order_relaxed);
}

void peers_leave(struct peers *peers, const struct ip *client)
{
	atomic_fetch_sub_explicit(&peers->counts[place_of(peers, client)], 1,
				  memory_order_relaxed);
}
