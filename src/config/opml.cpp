#include "config/opml.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "base/encoding.hpp"
#include "base/references.hpp"
#include "base/text.hpp"
#include "base/xml_repair.hpp"

namespace agg::config {
namespace {

constexpr std::size_t k_max_outlines = 100'000;

// References are left to References: pugixml knows five names, and lists are full of HTML's.
constexpr unsigned k_flags = pugi::parse_cdata | pugi::parse_eol | pugi::parse_fragment;

bool is_element(pugi::xml_node node, std::string_view name) {
    const std::string_view whole = node.name();
    return node.type() == pugi::node_element && iequals(whole.substr(whole.find(':') + 1), name);
}

// The body of the list, where it has one: outlines beside it are none of its subscriptions.
pugi::xml_node body_of(pugi::xml_node tree) {
    for (pugi::xml_node root = tree.first_child(); !root.empty(); root = root.next_sibling())
        if (is_element(root, "opml"))
            for (pugi::xml_node child = root.first_child(); !child.empty(); child = child.next_sibling())
                if (is_element(child, "body")) return child;
    return {};
}

class OpmlReader {
  public:
    explicit OpmlReader(std::string_view text) : references_(text) {}

    // Reads the outlines below `node`, whatever elements stand between.
    void read(pugi::xml_node node) {
        if (depth_ >= k_max_xml_depth) return warn("outlines nested too deep were left out");
        ++depth_;
        for (pugi::xml_node child = node.first_child(); !child.empty(); child = child.next_sibling()) {
            if (is_element(child, "opml")) found_ = true;
            if (is_element(child, "outline"))
                outline(child);
            else if (child.type() == pugi::node_element && !is_element(child, "head"))
                read(child);
        }
        --depth_;
    }

    [[nodiscard]] bool found() const { return found_ || !list_.outlines.empty(); }
    [[nodiscard]] OpmlList take() { return std::move(list_); }

  private:
    void warn(std::string text) {
        if (std::find(list_.warnings.begin(), list_.warnings.end(), text) == list_.warnings.end())
            list_.warnings.push_back(std::move(text));
    }

    void outline(pugi::xml_node node) {
        found_ = true;
        std::string title = collapse_space(attribute(node, "title"));
        if (title.empty()) title = collapse_space(attribute(node, "text"));
        std::string url(trim(attribute(node, "xmlUrl")));
        // Some exporters write "url" as links have it, but say that a feed is meant.
        if (url.empty() && iequals(trim(attribute(node, "type")), "rss")) url = trim(attribute(node, "url"));
        if (url.empty()) {
            if (!title.empty()) folder_.push_back(title);
            read(node);
            if (!title.empty()) folder_.pop_back();
            return;
        }
        if (list_.outlines.size() >= k_max_outlines) {
            return warn(fmt::format("outlines beyond the {}th were left out", k_max_outlines));
        }
        Outline outline{.url = std::move(url), .title = title, .folder = folder_};
        read_more(node, outline);
        // The text of a list of our own may be what the feed is called anyway.
        if (!outline.name.empty() && attribute(node, "title").empty()) outline.title.clear();
        list_.outlines.push_back(std::move(outline));
        if (node.first_child().empty()) return;
        if (!title.empty()) folder_.push_back(title);
        read(node);
        if (!title.empty()) folder_.pop_back();
    }

    // What stands beside address and title: our own attributes, and those of others that mean the same.
    void read_more(pugi::xml_node node, Outline& outline) const {
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            const std::string_view name = attribute.name();
            const std::string value = references_.resolve(attribute.value());
            if (iequals(name, "category"))
                outline.tags = categories(value);
            else if (iequals(name, "htmlUrl"))
                outline.site = trim(value);
            else if (name == "aggd:name")
                outline.name = value;
            else if (name == "aggd:secrets")
                outline.secrets_removed = value == "removed";
            else if (name.starts_with("aggd:"))
                outline.settings.push_back({std::string(name.substr(5)), value});
            else if (name == "miniflux:disabled" && value == "true")
                outline.settings.push_back({"paused", "true"});
            else if (name == "updateInterval")
                add_minutes(value, outline.settings);
        }
    }

    // Liferea: minutes; -1 for its default, 0 for never.
    static void add_minutes(std::string_view text, std::vector<Setting>& settings) {
        unsigned minutes = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), minutes);
        if (problem != std::errc{} || end != text.data() + text.size()) return;
        if (minutes == 0)
            settings.push_back({"paused", "true"});
        else
            settings.push_back({"interval", fmt::format("{}min", std::max(minutes, 15U))});
    }

    // "/Boston/Weather,news" (OPML 2.0) as Boston, Weather, news.
    static std::vector<std::string> categories(std::string_view text) {
        std::vector<std::string> tags;
        for (const std::string_view category : split(text, ','))
            for (const std::string_view part : split(category, '/')) {
                const std::string tag = collapse_space(part);
                if (!tag.empty() && std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
            }
        return tags;
    }

    std::string attribute(pugi::xml_node node, std::string_view name) const {
        for (pugi::xml_attribute attribute = node.first_attribute(); !attribute.empty();
             attribute = attribute.next_attribute())
            if (iequals(attribute.name(), name)) return references_.resolve(attribute.value());
        return {};
    }

    References references_;
    OpmlList list_;
    std::vector<std::string> folder_;
    std::size_t depth_ = 0;
    bool found_ = false;
};

}  // namespace

Result<OpmlList> read_opml(std::string_view bytes) {
    const Decoded decoded = decode_document(bytes, {});
    std::string text =
        has_forbidden_characters(decoded.text) ? without_forbidden_characters(decoded.text) : decoded.text;
    OpmlReader reader(text);
    std::vector<std::string> warnings;
    pugi::xml_document tree;
    const bool readable =
        tree.load_buffer(text.data(), text.size(), k_flags, pugi::encoding_utf8).status == pugi::status_ok;
    if (!readable) {
        RepairedXml repaired = repair_xml(text);
        text = std::move(repaired.text);
        warnings = std::move(repaired.warnings);
        tree.load_buffer(text.data(), text.size(), k_flags, pugi::encoding_utf8);
    }
    const pugi::xml_node body = body_of(tree);
    reader.read(body.empty() ? pugi::xml_node(tree) : body);
    if (body.empty() && !reader.found())
        return fail(ErrorKind::invalid, "this is no OPML list: it has neither <opml> nor <outline>");
    OpmlList list = reader.take();
    list.warnings.insert(list.warnings.end(), warnings.begin(), warnings.end());
    return list;
}

}  // namespace agg::config
