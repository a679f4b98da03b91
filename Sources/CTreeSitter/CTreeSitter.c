#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif

#include "CTreeSitter.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

// The part of tree_sitter/api.h (0.25) that is used here. Layouts are part of its ABI.

typedef struct {
  uint32_t row, column;
} Point;

typedef struct {
  uint32_t context[4];
  const void *id;
  const void *tree;
} Node;

typedef struct {
  const void *tree;
  const void *id;
  uint32_t context[3];
} Cursor;

typedef struct {
  void *payload;
  uint32_t current_byte_offset;
  bool has_error;
} ParseState;

typedef struct {
  void *payload;
  const char *(*read)(void *payload, uint32_t byte, Point position, uint32_t *count);
  int encoding;
  uint32_t (*decode)(const uint8_t *string, uint32_t length, int32_t *codePoint);
} Input;

typedef struct {
  void *payload;
  bool (*progress)(ParseState *state);
} ParseOptions;

static struct {
  void *(*parser_new)(void);
  void (*parser_delete)(void *);
  bool (*parser_set_language)(void *, const void *);
  void *(*parser_parse_with_options)(void *, const void *, Input, ParseOptions);
  void (*tree_delete)(void *);
  Node (*tree_root_node)(const void *);
  uint16_t (*node_symbol)(Node);
  uint32_t (*node_start_byte)(Node);
  uint32_t (*node_end_byte)(Node);
  Point (*node_start_point)(Node);
  Point (*node_end_point)(Node);
  bool (*node_is_named)(Node);
  bool (*node_is_missing)(Node);
  bool (*node_is_error)(Node);
  bool (*node_is_extra)(Node);
  bool (*node_has_error)(Node);
  Cursor (*tree_cursor_new)(Node);
  void (*tree_cursor_delete)(Cursor *);
  Node (*tree_cursor_current_node)(const Cursor *);
  uint16_t (*tree_cursor_current_field_id)(const Cursor *);
  bool (*tree_cursor_goto_first_child)(Cursor *);
  bool (*tree_cursor_goto_next_sibling)(Cursor *);
  bool (*tree_cursor_goto_parent)(Cursor *);
  uint32_t (*language_abi_version)(const void *);
  const char *(*language_symbol_name)(const void *, uint16_t);
  uint32_t (*language_symbol_count)(const void *);
  const char *(*language_field_name_for_id)(const void *, uint16_t);
  uint32_t (*language_field_count)(const void *);
} ts;

static bool coreIsLoaded = false;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define OLDEST_ABI 13
#define NEWEST_ABI 15

static void *openLibrary(const char *path, LDTSLoad *load) {
  if (access(path, F_OK) != 0) {
    load->status = LDTSNoFile;
    return NULL;
  }
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    load->status = LDTSNotLoadable;
    snprintf(load->text, sizeof load->text, "%s", reason ? reason : "no reason given");
  }
  return library;
}

static bool resolve(void *library, const char *name, void *slot, LDTSLoad *load) {
  void *symbol = dlsym(library, name);
  if (!symbol) {
    load->status = LDTSNoSymbol;
    snprintf(load->text, sizeof load->text, "%s", name);
    return false;
  }
  memcpy(slot, &symbol, sizeof symbol);  // a function pointer cannot be cast from a data pointer in ISO C
  return true;
}

static bool loadCore(const char *path, LDTSLoad *load) {
  if (coreIsLoaded) return true;
  void *library = openLibrary(path, load);
  if (!library) return false;
#define RESOLVE(name) \
  if (!resolve(library, "ts_" #name, &ts.name, load)) return false
  RESOLVE(parser_new);
  RESOLVE(parser_delete);
  RESOLVE(parser_set_language);
  RESOLVE(parser_parse_with_options);
  RESOLVE(tree_delete);
  RESOLVE(tree_root_node);
  RESOLVE(node_symbol);
  RESOLVE(node_start_byte);
  RESOLVE(node_end_byte);
  RESOLVE(node_start_point);
  RESOLVE(node_end_point);
  RESOLVE(node_is_named);
  RESOLVE(node_is_missing);
  RESOLVE(node_is_error);
  RESOLVE(node_is_extra);
  RESOLVE(node_has_error);
  RESOLVE(tree_cursor_new);
  RESOLVE(tree_cursor_delete);
  RESOLVE(tree_cursor_current_node);
  RESOLVE(tree_cursor_current_field_id);
  RESOLVE(tree_cursor_goto_first_child);
  RESOLVE(tree_cursor_goto_next_sibling);
  RESOLVE(tree_cursor_goto_parent);
  RESOLVE(language_abi_version);
  RESOLVE(language_symbol_name);
  RESOLVE(language_symbol_count);
  RESOLVE(language_field_name_for_id);
  RESOLVE(language_field_count);
#undef RESOLVE
  coreIsLoaded = true;
  return true;
}

LDTSLoad ldts_load(const char *corePath, const char *grammarPath, const char *name) {
  LDTSLoad load = {.status = LDTSLoaded, .oldest = OLDEST_ABI, .newest = NEWEST_ABI};
  pthread_mutex_lock(&lock);
  if (loadCore(corePath, &load)) {
    void *library = openLibrary(grammarPath, &load);
    const void *(*language)(void) = NULL;
    char symbol[128];
    snprintf(symbol, sizeof symbol, "tree_sitter_%s", name);
    if (library && resolve(library, symbol, &language, &load)) {
      load.language = language();
      load.found = ts.language_abi_version(load.language);
      if (load.found < OLDEST_ABI || load.found > NEWEST_ABI) {
        load.status = LDTSIncompatible;
        load.language = NULL;
      }
    }
  }
  pthread_mutex_unlock(&lock);
  return load;
}

typedef struct {
  const uint8_t *bytes;
  uint32_t length;
  uint64_t stepsLeft;
} Source;

// Text is handed out in small pieces, and each costs something: a lexer may read far ahead for every token that it
// gives, as over a million continued lines, and the parser does not count that as steps.
#define PIECE 4096
#define STEPS_PER_PIECE 8

static const char *readSource(void *payload, uint32_t byte, Point position, uint32_t *count) {
  (void)position;
  Source *source = payload;
  source->stepsLeft -= source->stepsLeft < STEPS_PER_PIECE ? source->stepsLeft : STEPS_PER_PIECE;
  if (byte >= source->length || source->stepsLeft == 0) {
    *count = 0;
    return "";
  }
  uint32_t rest = source->length - byte;
  *count = rest < PIECE ? rest : PIECE;
  return (const char *)source->bytes + byte;
}

// Called every hundred steps; counting the calls bounds the work by something that does not depend on the clock.
static bool spend(ParseState *state) {
  Source *source = state->payload;
  if (source->stepsLeft == 0) return true;
  source->stepsLeft -= 1;
  return false;
}

static bool append(LDTSParse *parse, uint32_t *capacity, LDTSRecord record) {
  if (parse->count == *capacity) {
    uint32_t wanted = *capacity ? *capacity * 2 : 1024;
    LDTSRecord *records = realloc(parse->records, (size_t)wanted * sizeof *records);
    if (!records) {
      parse->status = LDTSNoMemory;
      return false;
    }
    parse->records = records;
    *capacity = wanted;
  }
  parse->records[parse->count++] = record;
  return true;
}

static LDTSRecord recordOf(const Cursor *cursor, uint32_t parent) {
  Node node = ts.tree_cursor_current_node(cursor);
  Point start = ts.node_start_point(node), end = ts.node_end_point(node);
  return (LDTSRecord){
      .startByte = ts.node_start_byte(node),
      .endByte = ts.node_end_byte(node),
      .startRow = start.row,
      .startColumn = start.column,
      .endRow = end.row,
      .parent = parent,
      .symbol = ts.node_symbol(node),
      .field = ts.tree_cursor_current_field_id(cursor),
      .flags = (ts.node_is_named(node) ? LDTSNamed : 0) | (ts.node_is_missing(node) ? LDTSMissing : 0) |
               (ts.node_is_error(node) ? LDTSError : 0) | (ts.node_has_error(node) ? LDTSHasError : 0) |
               (ts.node_is_extra(node) ? LDTSExtra : 0),
  };
}

// Walks with the cursor's own stack, so that the depth of the input costs heap and not stack.
static void layOut(const void *tree, LDTSParse *parse, uint32_t nodeLimit) {
  uint32_t capacity = 0, current = 0, depth = 1;
  Cursor cursor = ts.tree_cursor_new(ts.tree_root_node(tree));
  bool goesOn = append(parse, &capacity, recordOf(&cursor, 0));
  parse->depth = 1;
  while (goesOn) {
    bool down = ts.tree_cursor_goto_first_child(&cursor);
    if (down) {
      depth += 1;
      if (depth > parse->depth) parse->depth = depth;
    }
    while (!down && goesOn) {
      parse->records[current].descendantEnd = parse->count;
      if (current == 0) {
        goesOn = false;
      } else if (ts.tree_cursor_goto_next_sibling(&cursor)) {
        current = parse->records[current].parent;
        break;
      } else {
        ts.tree_cursor_goto_parent(&cursor);
        current = parse->records[current].parent;
        depth -= 1;
      }
    }
    if (!goesOn) break;
    if (parse->count >= nodeLimit) {
      parse->status = LDTSTooManyNodes;
      break;
    }
    uint32_t parent = current;
    current = parse->count;
    goesOn = append(parse, &capacity, recordOf(&cursor, parent));
    if (goesOn) parse->records[parent].childCount += 1;
  }
  ts.tree_cursor_delete(&cursor);
}

LDTSParse ldts_parse(const void *language, const uint8_t *bytes, uint32_t length, uint64_t stepBudget,
                     uint32_t nodeLimit) {
  LDTSParse parse = {.status = LDTSParsed};
  void *parser = ts.parser_new();
  if (!parser || !ts.parser_set_language(parser, language)) {
    if (parser) ts.parser_delete(parser);
    parse.status = LDTSFailed;
    return parse;
  }
  Source source = {.bytes = bytes, .length = length, .stepsLeft = stepBudget};
  Input input = {.payload = &source, .read = readSource, .encoding = 0};
  ParseOptions options = {.payload = &source, .progress = spend};
  void *tree = ts.parser_parse_with_options(parser, NULL, input, options);
  if (source.stepsLeft == 0) {
    // A tree, if there is one, is of a text that was cut off.
    parse.status = LDTSOutOfBudget;
  } else if (!tree) {
    parse.status = LDTSFailed;
  } else {
    layOut(tree, &parse, nodeLimit);
  }
  if (tree) ts.tree_delete(tree);
  ts.parser_delete(parser);
  if (parse.status != LDTSParsed) {
    free(parse.records);
    parse.records = NULL;
    parse.count = 0;
  }
  return parse;
}

void ldts_free(LDTSRecord *records) { free(records); }

const char *ldts_symbol_name(const void *language, uint16_t symbol) {
  return symbol < ts.language_symbol_count(language) ? ts.language_symbol_name(language, symbol) : NULL;
}

const char *ldts_field_name(const void *language, uint16_t field) {
  return field >= 1 && field <= ts.language_field_count(language) ? ts.language_field_name_for_id(language, field)
                                                                  : NULL;
}

bool ldts_program_path(char *path, size_t capacity) {
  char found[PATH_MAX];
#ifdef __APPLE__
  uint32_t size = sizeof found;
  Dl_info image;
  // Tests run inside another program there, so the image with this code is asked first.
  if (dladdr((const void *)&ldts_program_path, &image) && image.dli_fname) {
    snprintf(found, sizeof found, "%s", image.dli_fname);
  } else if (_NSGetExecutablePath(found, &size) != 0) {
    return false;
  }
#else
  ssize_t length = readlink("/proc/self/exe", found, sizeof found - 1);
  if (length < 0) return false;
  found[length] = 0;
#endif
  char resolved[PATH_MAX];
  if (!realpath(found, resolved)) return false;
  return (size_t)snprintf(path, capacity, "%s", resolved) < capacity;
}
