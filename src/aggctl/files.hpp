// What people name on the command line: files, "-" for standard input and output.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "aggctl/exit_code.hpp"

namespace agg::aggctl {

struct Surroundings;

// True for what means standard input or output: "-", or nothing.
[[nodiscard]] bool is_stream(const std::string& path);

// All of the file, or of standard input.
[[nodiscard]] tl::expected<std::string, Failure> read_input(const std::string& path, Surroundings& around);

// Writes standard output, or makes the file anew: under another name first, so that no half of it is ever seen.
[[nodiscard]] tl::expected<void, Failure> write_output(const std::string& path, const std::string& bytes,
                                                       Surroundings& around);

// A file in the making: under another name beside it, mode 0600, until it is whole. Gone when this is destroyed before.
class NewFile {
  public:
    enum class Replace { no, yes };
    // Fails, naming `path` and why, when it may not be made, or is there and not to be replaced.
    [[nodiscard]] static tl::expected<NewFile, Failure> make(const std::string& path, Replace replace);
    NewFile(NewFile&& other) noexcept;
    NewFile& operator=(NewFile&&) = delete;
    ~NewFile();

    // False when there is no room; finish() says so then.
    [[nodiscard]] bool write(std::string_view bytes);
    // Makes it the file `path`, safe against a power cut.
    [[nodiscard]] tl::expected<void, Failure> finish();

  private:
    NewFile(std::string path, std::string temporary, int descriptor, Replace replace);
    std::string path_, temporary_;
    int descriptor_ = -1;
    Replace replace_ = Replace::no;
    int problem_ = 0;  // errno of the first write that failed
};

}  // namespace agg::aggctl
