# fish completion for aggctl(1): the candidates come from aggctl itself.
function __aggctl_complete
    set -l words (commandline -opc) (commandline -ct)
    # Status 1: the name of a file is wanted.
    set -l candidates (aggctl complete $words[2..-1] 2>/dev/null)
    and printf '%s\n' $candidates
    or __fish_complete_path (commandline -ct)
end
complete -c aggctl -f -a '(__aggctl_complete)'
