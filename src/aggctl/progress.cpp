#include "aggctl/progress.hpp"

#include <algorithm>

#include "aggctl/command.hpp"
#include "aggctl/words.hpp"

namespace agg::aggctl {
namespace {

// What is done sooner needs no bar.
constexpr std::chrono::milliseconds k_patience{300};
constexpr std::size_t k_longest_bar = 40;

}  // namespace

std::string progress_line(const std::string& what, std::uint64_t done, std::uint64_t total, std::chrono::seconds passed,
                          std::size_t width, bool in_bytes) {
    const auto figure = [&](std::uint64_t number) { return in_bytes ? bytes_in_words(number) : grouped(number); };
    std::string figures = fmt::format("{} s", passed.count());
    if (total > 0) figures = fmt::format("{} of {}", figure(std::min(done, total)), figure(total));
    const std::size_t beside = what.size() + figures.size() + 5;
    if (total == 0 || width < beside + 5) return cut_to_width(fmt::format("{}  {}", what, figures), width);
    const std::size_t length = std::min(width - beside, k_longest_bar);
    const auto share = static_cast<double>(std::min(done, total)) / static_cast<double>(total);
    const auto full = static_cast<std::size_t>(share * static_cast<double>(length));
    return fmt::format("{}  [{}{}] {}", what, std::string(full, '#'), std::string(length - full, ' '), figures);
}

Progress::Progress(const Command& command, std::string what) : command_(command), what_(std::move(what)) {}

Progress::~Progress() {
    if (is_shown_) command_.around.err << "\r\x1b[K" << std::flush;
}

Watch Progress::watch() {
    return [this](Moved moved) { return look(moved); };
}

bool Progress::look(Moved moved) {
    if (moved.bytes > 0 && moved.total > 0) return tick(moved.bytes, moved.total, true);
    const bool is_seen = command_.around.error_width > 0 && !command_.options.quiet;
    const auto answer = is_seen ? command_.client.send("GET", "/v1/work", "", Patience::a_blink)
                                : tl::expected<std::string, Failure>(tl::unexpected(Failure{}));
    const auto object = answer ? read_answer(*answer) : std::nullopt;
    if (object)
        for (const json::object& work : objects_of(*object, "work"))
            if (text_of(work, "what") == what_)
                return tick(number_of(work, "done"), number_of(work, "total"), truth_of(work, "in_bytes"));
    return tick(0, 0, false);
}

bool Progress::tick(std::uint64_t done, std::uint64_t total, bool in_bytes) {
    const auto passed = std::chrono::steady_clock::now() - started_;
    const std::size_t width = command_.around.error_width;
    if (width > 1 && !command_.options.quiet && passed > k_patience) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(passed);
        // A line that fills the last column would wrap on some terminals.
        command_.around.err << '\r' << progress_line(what_, done, total, seconds, width - 1, in_bytes) << "\x1b[K"
                            << std::flush;
        is_shown_ = true;
    }
    return !was_interrupted();
}

tl::expected<std::string, Failure> send_watched(const Command& command, const std::string& what,
                                                std::string_view method, const std::string& path,
                                                const std::string& body) {
    Progress progress(command, what);
    auto answer = command.client.send(method, path, body, Patience::unlimited, progress.watch());
    if (progress.was_interrupted())
        return tl::unexpected(Failure{ExitCode::failed, "interrupted; aggd finishes what it was asked for"});
    return answer;
}

}  // namespace agg::aggctl
