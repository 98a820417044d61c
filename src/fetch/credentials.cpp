#include "fetch/credentials.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "base/text.hpp"

namespace agg::fetch {
namespace {

constexpr std::size_t k_largest_file = 1024 * 1024;

// The words of a netrc file and the lines they stand in.
class Words {
  public:
    explicit Words(std::string_view text) : rest_(text) {}

    // The next word; absent at the end.
    std::optional<std::string> next() {
        for (;;) {
            while (!rest_.empty() && is_ascii_space(rest_.front())) drop();
            if (!rest_.starts_with('#')) break;
            skip_line();
        }
        if (rest_.empty()) return std::nullopt;
        return rest_.front() == '"' ? quoted() : plain();
    }

    // Up to the first empty line, which ends a macro.
    void skip_macro() {
        while (!rest_.empty()) {
            skip_line();
            if (rest_.starts_with('\n') || rest_.starts_with("\r\n")) return;
        }
    }

    [[nodiscard]] std::size_t line() const { return line_; }

  private:
    void drop() {
        if (rest_.front() == '\n') ++line_;
        rest_.remove_prefix(1);
    }
    void skip_line() {
        while (!rest_.empty() && rest_.front() != '\n') rest_.remove_prefix(1);
        if (!rest_.empty()) drop();
    }
    std::string plain() {
        std::string word;
        for (; !rest_.empty() && !is_ascii_space(rest_.front()); drop()) word += rest_.front();
        return word;
    }
    std::string quoted() {
        std::string word;
        for (drop(); !rest_.empty() && rest_.front() != '"'; drop()) {
            if (rest_.front() == '\\' && rest_.size() > 1) drop();
            word += rest_.front();
        }
        if (!rest_.empty()) drop();
        return word;
    }

    std::string_view rest_;
    std::size_t line_ = 1;
};

}  // namespace

Result<Credentials> Credentials::read(const std::string& path) {
    const auto broken = [&](const char* what) {
        return fail(ErrorKind::storage, "{} {}: {}", what, path, std::strerror(errno));
    };
    // O_NONBLOCK: a FIFO would hang here.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return broken("cannot open");
    const std::shared_ptr<void> closer(nullptr, [descriptor](void*) { ::close(descriptor); });
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return broken("cannot look at");
    if (!S_ISREG(status.st_mode)) return fail(ErrorKind::invalid, "{} is not a regular file", path);
    if ((status.st_mode & S_IRWXO) != 0) {
        return fail(ErrorKind::forbidden, "{} holds passwords, and its mode {:04o} opens it to everybody: chmod o= {}",
                    path, status.st_mode & 07777, path);
    }
    std::string text;
    std::array<char, 4096> block{};
    while (const ssize_t got = ::read(descriptor, block.data(), block.size())) {
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return broken("cannot read");
        text.append(block.data(), static_cast<std::size_t>(got));
        if (text.size() > k_largest_file)
            return fail(ErrorKind::too_large, "{} is no file of passwords: it is larger than {} bytes", path,
                        k_largest_file);
    }
    auto parsed = parse(text);
    if (!parsed) return fail(parsed.error().kind, "{}: {}", path, parsed.error().message);
    return parsed;
}

Result<Credentials> Credentials::parse(std::string_view text) {
    const auto wrong = [](std::size_t line, std::string_view what) {
        return fail(ErrorKind::invalid, "line {} {}", line, what);
    };
    Credentials credentials;
    Login* login = nullptr;
    Words words(text);
    while (const auto word = words.next()) {
        const std::size_t line = words.line();
        if (*word == "default")
            return wrong(line, "has \"default\", which would send a password to every publisher; name the machines");
        if (*word == "macdef") {
            words.skip_macro();
            continue;
        }
        const bool known = *word == "machine" || *word == "login" || *word == "password" || *word == "account";
        if (!known)
            return wrong(line, "is not as netrc(5) has it: \"machine HOST login USER password PASSWORD\" was expected");
        const auto value = words.next();
        if (!value) return wrong(line, fmt::format("ends after \"{}\"", *word));
        if (*word == "machine")
            login = &credentials.logins_[ascii_lower(*value)];
        else if (login == nullptr)
            return wrong(line, fmt::format("has a \"{}\" before the first \"machine\"", *word));
        else if (*word == "login")
            login->user = *value;
        else if (*word == "password")
            login->password = *value;
    }
    return credentials;
}

const Login* Credentials::find(std::string_view host, std::uint16_t port) const {
    auto found = logins_.find(fmt::format("{}:{}", host, port));
    if (found == logins_.end()) found = logins_.find(std::string(host));
    return found == logins_.end() ? nullptr : &found->second;
}

}  // namespace agg::fetch
