#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <termios.h>

#include "aggctl/aggctl.hpp"

namespace {

// The terminal's width; 0 when `descriptor` is none.
std::size_t terminal_width(int descriptor) {
    winsize size{};
    if (::isatty(descriptor) == 0) return 0;
    return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// https://no-color.org: any value that is not empty.
bool may_color() {
    const char* no_color = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    const bool is_dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
    return ::isatty(STDOUT_FILENO) != 0 && !is_dumb && (no_color == nullptr || *no_color == '\0');
}

// One line of standard input, a terminal, without showing what is typed.
std::string read_secret() {
    termios before{};
    const bool is_terminal = ::tcgetattr(STDIN_FILENO, &before) == 0;
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (is_terminal) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    std::string line;
    std::getline(std::cin, line);
    if (is_terminal) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    return line;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        agg::aggctl::Surroundings around{
            .in = std::cin,
            .out = std::cout,
            .err = std::cerr,
            .asks = ::isatty(STDIN_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0,
            .colors = may_color(),
            .width = terminal_width(STDOUT_FILENO),
            .now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()),
            .read_secret = read_secret,
            .error_width = terminal_width(STDERR_FILENO),
            .out_descriptor = STDOUT_FILENO,
        };
        return agg::aggctl::run({argv + 1, argv + argc}, around);
    } catch (const std::exception& failure) {
        std::cerr << "aggctl: " << failure.what() << '\n';
        return 1;
    }
}
