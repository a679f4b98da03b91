#ifndef CGIT2_SHIM_H
#define CGIT2_SHIM_H

#include <git2.h>
#include <git2/sys/repository.h>

// Swift imports neither initializer macros nor variadic functions: each that is needed has an inline function here.

static inline git_diff_options cgit2_diff_options(void) {
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  return options;
}

static inline git_diff_find_options cgit2_diff_find_options(void) {
  git_diff_find_options options = GIT_DIFF_FIND_OPTIONS_INIT;
  return options;
}

static inline git_buf cgit2_buf(void) {
  git_buf buffer = {NULL, 0, 0};
  return buffer;
}

// Says that the caller can live with these repository extensions (gitrepository-layout, "extensions.*").
static inline int cgit2_allow_extensions(const char **names, size_t count) {
  return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, count);
}

// Switches libgit2's own look at a repository's owner on or off.
static inline int cgit2_set_owner_validation(int enabled) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

#endif
