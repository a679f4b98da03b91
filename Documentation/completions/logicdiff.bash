# Completion in bash, for `logicdiff` and for `git logicdiff`; bash-completion and git look for these two functions.
_logicdiff_offer() {
  local IFS=$'\n'
  COMPREPLY=($(command logicdiff complete -- "$@" 2>/dev/null | cut -f 1))
  # A word after which something is still to be typed.
  compopt -o default 2>/dev/null
}

_logicdiff() { _logicdiff_offer "${COMP_WORDS[@]:1:COMP_CWORD}"; }
complete -F _logicdiff logicdiff

_git_logicdiff() {
  local at
  for ((at = 1; at < cword; at++)); do [ "${words[at]}" = logicdiff ] && break; done
  _logicdiff_offer "${words[@]:at+1:cword-at}"
}
