# bash completion for aggctl(1): the candidates come from aggctl itself.
_aggctl() {
    local candidates
    # Status 1: the name of a file is wanted.
    candidates=$(aggctl complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) || compopt -o default
    COMPREPLY=()
    [[ -z $candidates ]] || mapfile -t COMPREPLY <<<"$candidates"
}
complete -F _aggctl aggctl
