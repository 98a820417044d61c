#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <istream>
#include <memory>
#include <ostream>
#include <thread>

#include "aggctl/command.hpp"
#include "aggctl/files.hpp"
#include "aggctl/progress.hpp"
#include "aggctl/render_backup.hpp"
#include "aggctl/verbs.hpp"
#include "aggctl/words.hpp"

namespace agg::aggctl {
namespace {

constexpr const char* k_backup = "/v1/backup";
constexpr std::chrono::milliseconds k_glance{100};
// How long aggd may take to begin anew: it reads what it knows of all feeds.
constexpr std::chrono::seconds k_new_start{120};

ExitCode backup_to_output(const Command& command) {
    if (command.around.width > 0)
        return command.report({ExitCode::usage, "an archive is nothing for a terminal: aggctl backup - >FILE"});
    Progress progress(command, "backup");
    const Sink sink = [&](std::string_view piece) {
        command.around.out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
        return command.around.out.good();
    };
    const auto done = command.client.download(k_backup, sink, progress.watch());
    if (done) return ExitCode::ok;
    return command.report(done.error().message.empty() ? Failure{ExitCode::failed, "cannot write the output"}
                                                       : done.error());
}

struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closer>;

// FILE, or all of standard input in a file without a name: how long it is must be known.
tl::expected<File, Failure> open_archive(const Command& command) {
    const std::string& path = command.options.file;
    File file(is_stream(path) ? std::tmpfile() : std::fopen(path.c_str(), "rbe"));
    if (!file)
        return tl::unexpected(
            Failure{ExitCode::failed, fmt::format("{} cannot be read: {}", path, std::strerror(errno))});
    if (!is_stream(path)) return file;
    std::array<char, 65536> block{};
    while (command.around.in.read(block.data(), block.size()) || command.around.in.gcount() > 0)
        if (std::fwrite(block.data(), 1, static_cast<std::size_t>(command.around.in.gcount()), file.get()) == 0)
            return tl::unexpected(
                Failure{ExitCode::failed, fmt::format("standard input cannot be kept: {}", std::strerror(errno))});
    std::rewind(file.get());
    return file;
}

tl::expected<json::object, Failure> send_archive(const Command& command, std::FILE* file, const char* path,
                                                 std::string& text) {
    struct stat status {};
    if (std::fflush(file) != 0 || ::fstat(::fileno(file), &status) != 0 || !S_ISREG(status.st_mode))
        return tl::unexpected(Failure{ExitCode::failed, command.options.file + " is no file that could be an archive"});
    Progress progress(command, "restore");
    auto answer = command.client.upload(path, file, static_cast<std::uint64_t>(status.st_size), progress.watch());
    if (!answer && answer.error().code == ExitCode::failed) answer.error().message += "\nNothing has changed.";
    if (!answer && answer.error().code == ExitCode::not_running)
        answer.error().message += fmt::format("\nWithout a running aggd: aggd --restore {}", command.options.file);
    if (!answer) return tl::unexpected(answer.error());
    text = *answer;
    auto object = read_answer(*answer);
    if (!object) return tl::unexpected(Failure{ExitCode::failed, "cannot read the answer of aggd"});
    return std::move(*object);
}

// Another one for every start, and for every time that it begins anew.
std::string start_of(const std::string& status) {
    const auto object = read_answer(status);
    return object ? fmt::format("{} {}", text_of(*object, "started"), number_of(*object, "restores")) : "";
}

// Until aggd answers that has begun anew since `before`.
ExitCode wait_for_new_start(const Command& command, const std::string& before) {
    Progress progress(command, "restart");
    const auto end = std::chrono::steady_clock::now() + k_new_start;
    while (std::chrono::steady_clock::now() < end) {
        const auto status = command.client.send("GET", "/v1/status", "", Patience::moments);
        if (status && start_of(*status) != before) {
            const auto object = read_answer(*status);
            const std::string problem = object ? text_of(*object, "restore_problem") : "";
            if (problem.empty()) return ExitCode::ok;
            return command.report(
                {ExitCode::failed, "the restore was undone, all is as before: " + printable(problem)});
        }
        if (!progress.tick(0, 0, false))
            return command.report({ExitCode::failed, "interrupted; aggd goes on with the restore: see aggctl status"});
        std::this_thread::sleep_for(k_glance);
    }
    return command.report(
        {ExitCode::failed, fmt::format("aggd has not answered again within {} s: see its log (journalctl -u aggd)",
                                       k_new_start.count())});
}

bool may_restore(const Command& command) {
    if (command.options.yes) return true;
    if (!command.around.asks || is_stream(command.options.file)) return false;
    command.around.err << "Begin anew with what the archive holds? What is here now is kept. [y/N] " << std::flush;
    std::string answer;
    std::getline(command.around.in, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace

ExitCode backup(const Command& command) {
    const std::string& path = command.options.file;
    if (is_stream(path)) return backup_to_output(command);
    auto file = NewFile::make(path, command.options.force ? NewFile::Replace::yes : NewFile::Replace::no);
    if (!file) return command.report(file.error());
    std::uint64_t bytes = 0;
    tl::expected<void, Failure> done;
    {
        Progress progress(command, "backup");
        const Sink sink = [&](std::string_view piece) {
            bytes += piece.size();
            return file->write(piece);
        };
        done = command.client.download(k_backup, sink, progress.watch());
        if (progress.was_interrupted())
            done = tl::unexpected(Failure{ExitCode::failed, "interrupted; nothing was written"});
    }
    if (!done && !done.error().message.empty()) return command.report(done.error());
    if (const auto written = file->finish(); !written) return command.report(written.error());
    if (command.options.json)
        command.around.out << json::serialize(json::object{{"file", path}, {"bytes", bytes}}) << '\n';
    command.show(
        fmt::format("Wrote {} ({}). It holds feeds.conf, the database and the account's password hash, but no\n"
                    "file of passwords: keep it private. aggctl restore {} --dry-run looks into it.\n",
                    printable(path), bytes_in_words(bytes), printable(path)));
    return ExitCode::ok;
}

ExitCode restore(const Command& command) {
    const auto file = open_archive(command);
    if (!file) return command.report(file.error());
    std::string text;
    // Looked at first in any case, so that one knows what one says yes to.
    const auto seen = send_archive(command, file->get(), "/v1/restore?dry_run=true", text);
    if (!seen) return command.report(seen.error());
    if (command.options.dry_run) {
        if (command.options.json) command.around.out << text;
        command.show(render_restore(*seen, command.look));
        return ExitCode::ok;
    }
    if (!command.options.yes) command.around.err << render_restore(*seen, command.look);
    if (!may_restore(command))
        return command.report({ExitCode::failed, command.around.asks ? "nothing was restored"
                                                                     : "nothing was restored: add --yes to do it"});
    const auto before = command.client.send("GET", "/v1/status", "", Patience::moments);
    if (!before) return command.report(before.error());
    std::rewind(file->get());
    const auto restored = send_archive(command, file->get(), "/v1/restore", text);
    if (!restored) return command.report(restored.error());
    if (const ExitCode code = wait_for_new_start(command, start_of(*before)); code != ExitCode::ok) return code;
    if (command.options.json) command.around.out << text;
    command.show(render_restore(*restored, command.look));
    command.show("Restored.\n");
    return ExitCode::ok;
}

}  // namespace agg::aggctl
