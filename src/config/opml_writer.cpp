#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/opml.hpp"

namespace agg::config {
namespace {

class OpmlWriter {
  public:
    explicit OpmlWriter(std::string_view title) {
        out_ =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<opml version=\"2.0\" xmlns:aggd=\"https://aggd.example/opml\">\n"
            "  <head>\n    <title>" +
            escape_markup(title) + "</title>\n  </head>\n  <body>\n";
    }

    void add(const Outline& outline) {
        enter(outline.folder);
        indent();
        out_ += "<outline type=\"rss\"";
        attribute("text", outline.title.empty() ? outline.name : outline.title);
        attribute("title", outline.title);
        attribute("xmlUrl", outline.url);
        attribute("htmlUrl", outline.site);
        attribute("category", fmt::format("{}", fmt::join(outline.tags, ",")));
        attribute("aggd:name", outline.name);
        for (const Setting& setting : outline.settings) attribute("aggd:" + setting.key, setting.text);
        if (outline.secrets_removed) attribute("aggd:secrets", "removed");
        out_ += "/>\n";
    }

    std::string finish() {
        enter({});
        return std::move(out_) + "  </body>\n</opml>\n";
    }

  private:
    void indent() { out_.append(4 + 2 * open_.size(), ' '); }

    void attribute(std::string_view name, std::string_view value) {
        if (!value.empty()) out_ += fmt::format(" {}=\"{}\"", name, escape_markup(value));
    }

    // Closes and opens folders until those of `folder` are open.
    void enter(const std::vector<std::string>& folder) {
        const auto differs = std::mismatch(open_.begin(), open_.end(), folder.begin(), folder.end());
        const auto common = static_cast<std::size_t>(differs.first - open_.begin());
        while (open_.size() > common) {
            open_.pop_back();
            indent();
            out_ += "</outline>\n";
        }
        for (std::size_t i = common; i < folder.size(); ++i) {
            indent();
            out_ += "<outline";
            attribute("text", folder[i]);
            out_ += ">\n";
            open_.push_back(folder[i]);
        }
    }

    std::string out_;
    std::vector<std::string> open_;
};

}  // namespace

std::string write_opml(const std::vector<Outline>& outlines, std::string_view title) {
    OpmlWriter writer(title);
    for (const Outline& outline : outlines) writer.add(outline);
    return writer.finish();
}

}  // namespace agg::config
