// The arrows of ARCHITECTURE.md, held against every #include of src/.
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include <catch2/catch.hpp>

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

const fs::path k_source = fs::path(AGGD_SOURCE_DIR) / "src";

// What a folder may include, itself always.
const std::map<std::string, Names> k_arrows = {
    {"base", {}},
    {"config", {"base"}},
    {"fetch", {"base"}},
    {"parse", {"base"}},
    {"clean", {"base"}},
    {"dedup", {"base"}},
    {"store", {"base", "dedup"}},
    {"serve", {"base", "store"}},
    {"aggd", {"base", "config", "fetch", "parse", "clean", "dedup", "store", "serve"}},
    {"aggctl", {"base"}},
};

// Foreign libraries that stay in one place: the beginning of the include, and the files that may name it ("" none but
// these).
const std::map<std::string, Names> k_kept_in = {
    {"boost/beast", {"serve/session.cpp"}},
    {"archive", {"aggd/backup_archive.cpp"}},
    {"spdlog/", {"base/log.cpp"}},
    {"re2/", {"base/pattern.cpp"}},
    {"systemd/", {"base/systemd.cpp"}},
    {"zstd", {"store/packed_text.cpp"}},
    {"CLI/", {"aggd/options.cpp", "aggctl/options.cpp"}},
    {"toml++/", {"config/document.cpp", "config/document.hpp"}},
};

struct Include {
    std::string file;  // "fetch/judge.cpp"
    std::string target;
    bool is_ours;
};

std::vector<Include> all_includes() {
    static const std::regex pattern(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
    std::vector<Include> all;
    for (const auto& entry : fs::recursive_directory_iterator(k_source)) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) {
            std::smatch match;
            if (std::regex_search(line, match, pattern))
                all.push_back({fs::relative(entry.path(), k_source).string(), match[2], match[1] == "\""});
        }
    }
    return all;
}

std::string folder_of(const std::string& path) { return path.substr(0, path.find('/')); }

}  // namespace

TEST_CASE("every folder of src/ has its arrows stated") {
    for (const auto& entry : fs::directory_iterator(k_source))
        CHECK(k_arrows.contains(entry.path().filename().string()));
}

TEST_CASE("a folder includes only what stands before it") {
    const auto includes = all_includes();
    REQUIRE(includes.size() > 100);
    for (const Include& include : includes) {
        if (!include.is_ours || include.target == "version.hpp") continue;
        const std::string from = folder_of(include.file);
        const std::string to = folder_of(include.target);
        INFO(include.file << " includes \"" << include.target << "\"");
        CHECK((from == to || k_arrows.at(from).contains(to)));
    }
}

TEST_CASE("a header of ours is named by its path from src/") {
    for (const Include& include : all_includes()) {
        if (!include.is_ours || include.target == "version.hpp") continue;
        INFO(include.file << " includes \"" << include.target << "\"");
        CHECK(fs::exists(k_source / include.target));
    }
}

TEST_CASE("the event loop stays out of the synchronous folders") {
    for (const Include& include : all_includes()) {
        const std::string folder = folder_of(include.file);
        if (folder != "config" && folder != "parse" && folder != "clean" && folder != "dedup" && folder != "store")
            continue;
        INFO(include.file << " includes <" << include.target << ">");
        CHECK_FALSE(include.target.starts_with("boost/asio"));
        CHECK(include.target != "base/async.hpp");
    }
}

TEST_CASE("costly libraries stay in their one file") {
    for (const Include& include : all_includes()) {
        for (const auto& [library, files] : k_kept_in) {
            if (include.is_ours || !include.target.starts_with(library)) continue;
            INFO(include.file << " includes <" << include.target << ">");
            CHECK(files.contains(include.file));
        }
    }
}

TEST_CASE("no file of src/ is longer than one sitting") {
    for (const auto& entry : fs::recursive_directory_iterator(k_source)) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
        std::ifstream file(entry.path());
        const auto lines = std::count(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>(), '\n');
        INFO(entry.path().string());
        CHECK(lines <= 400);
    }
}
