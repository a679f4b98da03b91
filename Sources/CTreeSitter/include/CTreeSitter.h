#pragma once

// tree-sitter, opened at run time. Neither its core nor a grammar is linked: a machine that lacks one is told which
// file is missing, and a grammar can be added without building this program again.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
  LDTSLoaded = 0,
  LDTSNoFile,        // there is no such file
  LDTSNotLoadable,   // the dynamic loader refused it; the text says why
  LDTSNoSymbol,      // it is a library, but not of tree-sitter; the text names the symbol that it lacks
  LDTSIncompatible,  // a grammar of a generation that this core does not read; see found, oldest, newest
} LDTSLoadStatus;

typedef struct {
  LDTSLoadStatus status;
  const void *language;  // a TSLanguage of static storage; never freed
  uint32_t found, oldest, newest;
  char text[512];
} LDTSLoad;

// One node of a parsed tree, in preorder: a node's descendants directly follow it.
typedef struct {
  uint32_t startByte, endByte;
  uint32_t startRow, startColumn, endRow;
  uint32_t parent;         // the root is its own parent
  uint32_t childCount;     // anonymous and extra children included
  uint32_t descendantEnd;  // index past the last descendant
  uint16_t symbol;
  uint16_t field;  // 0: none
  uint8_t flags;
} LDTSRecord;

enum {
  LDTSNamed = 1,
  LDTSMissing = 2,
  LDTSError = 4,
  LDTSHasError = 8,
  LDTSExtra = 16,
};

typedef enum {
  LDTSParsed = 0,
  LDTSOutOfBudget,  // more parser steps than allowed
  LDTSTooManyNodes,
  LDTSNoMemory,
  LDTSFailed,
} LDTSParseStatus;

typedef struct {
  LDTSParseStatus status;
  LDTSRecord *records;  // owned by the caller; free with ldts_free
  uint32_t count;
  uint32_t depth;  // nodes on the longest way from the root to a leaf
} LDTSParse;

// Opens the core at `corePath` (once per process: later calls keep the first) and the grammar `name` at
// `grammarPath`.
LDTSLoad ldts_load(const char *corePath, const char *grammarPath, const char *name);

// Parses `length` bytes with at most `stepBudget` hundreds of parser steps, and lays the tree out in preorder.
LDTSParse ldts_parse(const void *language, const uint8_t *bytes, uint32_t length, uint64_t stepBudget,
                     uint32_t nodeLimit);
void ldts_free(LDTSRecord *records);

// Names of a loaded language, of static storage; NULL past the end.
const char *ldts_symbol_name(const void *language, uint16_t symbol);
const char *ldts_field_name(const void *language, uint16_t field);

// The absolute path of the running program, or of the image that this code is in. False when the system does not say.
bool ldts_program_path(char *path, size_t capacity);
