# Completion of `git logicdiff` for git's own bash completion, which looks for this function.
_git_logicdiff() {
  case "$cur" in
    --*)
      __gitcomp "--staged --cached --format= --output= --decoder= --adapter= --weights= --decoder-budget= --show-prompt
        --require= --budget= --explain --show-hidden --exit-code --color= --jobs= --summaries --side-by-side --no-cache
        --timings --canonical-names"
      ;;
    *) __git_complete_revlist_file ;;
  esac
}
