#include "base/paths.hpp"

#include <cstdlib>
#include <filesystem>

namespace agg {
namespace {

constexpr const char* k_system_socket = "/run/aggd.sock";
constexpr const char* k_system_group = "aggd";

// The value of an environment variable; "" when unset. Only absolute paths count (XDG Base Directory Specification
// 0.8).
std::string absolute_from_environment(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && value[0] == '/' ? value : "";
}

std::string xdg(const char* name, const char* below_home) {
    std::string folder = absolute_from_environment(name);
    if (folder.empty()) folder = absolute_from_environment("HOME") + "/" + below_home;
    return folder;
}

bool is_system_service() { return absolute_from_environment("STATE_DIRECTORY").starts_with("/var/lib/"); }

bool exists(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

std::string user_socket_path() {
    const std::string runtime = absolute_from_environment("XDG_RUNTIME_DIR");
    if (!runtime.empty()) return runtime + "/aggd.sock";
    return (std::filesystem::path(default_database_path()).parent_path() / "aggd.sock").string();
}

}  // namespace

std::string default_config_path() {
    const std::string service = absolute_from_environment("CONFIGURATION_DIRECTORY");
    if (!service.empty()) return service + "/feeds.conf";
    const std::string user = xdg("XDG_CONFIG_HOME", ".config") + "/aggd/feeds.conf";
    const std::string system = "/etc/aggd/feeds.conf";
    return !exists(user) && exists(system) ? system : user;
}

std::string default_database_path() {
    const std::string service = absolute_from_environment("STATE_DIRECTORY");
    if (!service.empty()) return service + "/aggd.db";
    return xdg("XDG_STATE_HOME", ".local/state") + "/aggd/aggd.db";
}

std::string default_socket_path() { return is_system_service() ? k_system_socket : user_socket_path(); }

std::string default_group() { return is_system_service() ? k_system_group : ""; }

std::string credentials_path(const std::string& name, const std::string& otherwise) {
    const std::string service = absolute_from_environment("CREDENTIALS_DIRECTORY");
    if (service.empty() || name.starts_with('/')) return otherwise;
    return (std::filesystem::path(service) / name).lexically_normal().string();
}

std::string find_socket_path() {
    const std::string named = absolute_from_environment("AGGD_SOCKET");
    if (!named.empty()) return named;
    const std::string user = user_socket_path();
    return exists(user) ? user : k_system_socket;
}

}  // namespace agg
