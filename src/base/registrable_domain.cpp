#include "base/registrable_domain.hpp"

#include <libpsl.h>

namespace agg {

std::string registrable_domain(const std::string& host) {
    const bool is_address = host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string::npos;
    if (is_address) return host;
    const char* domain = psl_registrable_domain(psl_builtin(), host.c_str());
    return domain != nullptr ? domain : host;
}

}  // namespace agg
