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

void program_run(const struct program *program, const struct values *values, char *out)
{
	for (size_t i = 0; i < program->count; i++) {
		const struct piece *piece = &program->pieces[i];

		out = append(out, piece->text);
		if (piece->hole != HOLE_NONE)
			out = append(out, values->hole[piece->hole]);
	}
}

uint64_t program_digest(const struct program *program, const struct values *values)
{
	uint64_t digest = program->digest;

	for (enum hole hole = 0; hole < HOLES; hole++) {
		if (program->holes_used & 1u << hole)
			digest = hash_bytes(values->hole[hole], digest);
	}
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

bool program_builder_finish(struct program_builder *builder, struct program *ret_program)
{
	struct str bytes;
	void *pieces = NULL;

	end_piece(builder, HOLE_NONE);
	bytes = buf_str(&builder->pieces);
	if (!buf_failed(&builder->pieces))
		pieces = arena_alloc(builder->arena, bytes.len);
	if (pieces) {
		memcpy(pieces, bytes.p, bytes.len);
		*ret_program = builder->program;
		ret_program->pieces = pieces;
		ret_program->count = bytes.len / sizeof(struct piece);
	}
	buf_fini(&builder->text);
	buf_fini(&builder->pieces);
	return pieces != NULL;
}
