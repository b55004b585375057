/* Making and running programs. */
#include "config.h"

#include "program.h"

#include "map.h"

size_t program_size(const struct program *program, const struct values *values)
{
	size_t size = program->text_size;

	for (size_t i = 0; i < program->count; i++) {
		if (program->pieces[i].hole != HOLE_NONE)
			size += values->hole[program->pieces[i].hole].len;
	}
	return size;
}

static char *append(char *out, struct str text)
{
	if (text.len)
		memcpy(out, text.p, text.len);
	return out + text.len;
}

static char *run_pieces(const struct program *program, size_t first, size_t count,
			const struct values *values, char *out)
{
	for (size_t i = first; i < first + count; i++) {
		const struct piece *piece = &program->pieces[i];

		out = append(out, piece->text);
		if (piece->hole != HOLE_NONE)
			out = append(out, values->hole[piece->hole]);
	}
	return out;
}

/* The part that was asked for, in front of the others, which keep their order. */
static char *run_parts(const struct program *program, const struct values *values, char *out)
{
	const struct program_part *parts = program->parts;
	size_t chosen = 0;

	while (chosen < program->part_count && !str_eq(parts[chosen].key, values->first_part))
		chosen++;
	if (chosen < program->part_count)
		out = run_pieces(program, parts[chosen].first, parts[chosen].count, values, out);
	for (size_t i = 0; i < program->part_count; i++) {
		if (i != chosen)
			out = run_pieces(program, parts[i].first, parts[i].count, values, out);
	}
	return out;
}

void program_run(const struct program *program, const struct values *values, char *out)
{
	size_t start = program->count;
	size_t end = program->count;

	if (program->part_count) {
		const struct program_part *last = &program->parts[program->part_count - 1];

		start = program->parts[0].first;
		end = last->first + last->count;
	}
	out = run_pieces(program, 0, start, values, out);
	out = run_parts(program, values, out);
	run_pieces(program, end, program->count - end, values, out);
}

uint64_t program_digest(const struct program *program, const struct values *values)
{
	uint64_t digest = program->digest;

	for (enum hole hole = 0; hole < HOLES; hole++) {
		if (program->holes_used & 1u << hole)
			digest = hash_bytes(values->hole[hole], digest);
	}
	if (program->part_count)
		digest = hash_bytes(values->first_part, digest);
	return digest;
}

void program_builder_init(struct program_builder *builder, struct arena *arena)
{
	*builder = (struct program_builder){ .arena = arena };
}

void program_builder_text(struct program_builder *builder, struct str text)
{
	buf_add(&builder->text, text);
}

static void end_piece(struct program_builder *builder, enum hole hole)
{
	struct piece piece = {
		.text = arena_str(builder->arena, buf_str(&builder->text)),
		.hole = hole,
	};

	if (buf_failed(&builder->text))
		builder->pieces.failed = true;
	builder->program.text_size += piece.text.len;
	builder->program.digest = hash_bytes(piece.text, builder->program.digest + hole);
	builder->text.len = 0;
	buf_add(&builder->pieces, (struct str){ .p = (const char *)&piece, .len = sizeof(piece) });
}

void program_builder_hole(struct program_builder *builder, enum hole hole)
{
	builder->program.holes_used |= 1u << hole;
	end_piece(builder, hole);
}

static size_t piece_count(const struct program_builder *builder)
{
	return builder->pieces.len / sizeof(struct piece);
}

void program_builder_begin_part(struct program_builder *builder, struct str key)
{
	struct program_part part = { .key = arena_str(builder->arena, key) };

	end_piece(builder, HOLE_NONE);
	part.first = piece_count(builder);
	buf_add(&builder->parts, (struct str){ .p = (const char *)&part, .len = sizeof(part) });
}

void program_builder_end_part(struct program_builder *builder)
{
	struct program_part part;
	char *last;

	end_piece(builder, HOLE_NONE);
	if (buf_failed(&builder->parts))
		return;
	last = builder->parts.p + builder->parts.len - sizeof(part);
	memcpy(&part, last, sizeof(part));
	part.count = piece_count(builder) - part.first;
	memcpy(last, &part, sizeof(part));
}

bool program_builder_finish(struct program_builder *builder, struct program *ret_program)
{
	struct str bytes;
	void *pieces = NULL;

	end_piece(builder, HOLE_NONE);
	bytes = buf_str(&builder->pieces);
	if (!buf_failed(&builder->pieces))
		pieces = arena_alloc(builder->arena, bytes.len);
	if (pieces && builder->parts.len) {
		struct str parts = buf_str(&builder->parts);
		void *copy = buf_failed(&builder->parts)
				     ? NULL
				     : arena_alloc(builder->arena, parts.len);

		if (copy) {
			memcpy(copy, parts.p, parts.len);
			builder->program.parts = copy;
			builder->program.part_count = parts.len / sizeof(struct program_part);
		} else {
			pieces = NULL;
		}
	}
	if (pieces) {
		memcpy(pieces, bytes.p, bytes.len);
		*ret_program = builder->program;
		ret_program->pieces = pieces;
		ret_program->count = bytes.len / sizeof(struct piece);
	}
	buf_fini(&builder->text);
	buf_fini(&builder->pieces);
	buf_fini(&builder->parts);
	return pieces != NULL;
}
