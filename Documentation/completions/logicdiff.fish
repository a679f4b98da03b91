# Completion in fish, for `logicdiff` and for `git logicdiff`.
function __logicdiff_offer
    set -l words (commandline -opc)
    set -e words[1]
    # Git's own words before the command are not ours.
    if set -l at (contains -i logicdiff $words)
        set -e words[1..$at]
    end
    command logicdiff complete -- $words (commandline -ct) 2>/dev/null
end
complete -c logicdiff -a '(__logicdiff_offer)'
complete -c git -n '__fish_seen_subcommand_from logicdiff' -a '(__logicdiff_offer)'
