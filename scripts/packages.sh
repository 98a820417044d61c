# Sourced by the scripts beside it: the Debian 12 packages that aggd needs, and a way to have them.

build_packages=(g++ cmake ninja-build pkg-config libarchive-dev libboost1.81-dev libboost-json1.81-dev libbrotli-dev libcli11-dev libcurl4-openssl-dev libexpected-dev
    libfmt-dev libpsl-dev libpugixml-dev libre2-dev libspdlog-dev libsqlite3-dev libsqlitecpp-dev libsystemd-dev libtomlplusplus-dev libutf8proc-dev libxxhash-dev libzstd-dev zlib1g-dev)
# What only the tests use: the framework, and real clients and servers to try aggd with.
test_packages=(catch2 curl fish mandoc newsboat nghttp2-server openssl sqlite3 systemd zsh zstd)

# Installs those of the packages named that are missing; asks for nothing and needs neither root nor network when none is.
have_packages() {
    local missing=() package
    for package; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    printf 'aggd needs these Debian packages and will install them now:\n  %s\n' "${missing[*]}" >&2
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            printf 'Only root can install packages, and there is no sudo. Ask root to run:\n  apt-get install %s\n' "${missing[*]}" >&2
            return 1
        }
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq >&2 &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}
