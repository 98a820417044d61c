// Control: the items that people name, and what they note of them.
#include "aggd/control.hpp"
#include "clean/canonical_url.hpp"

namespace agg::aggd {

Task<Result<std::vector<store::FoundItem>>> Control::find_items(std::vector<std::string> names) {
    auto work = [&readers = parts_.readers, names = std::move(names)] {
        return readers.with([&](store::Reader& reader) -> Result<std::vector<store::FoundItem>> {
            std::vector<store::FoundItem> found;
            for (const std::string& name : names) {
                const auto item = reader.find_item(name, clean::canonical_url(name));
                if (!item) return tl::unexpected(item.error());
                found.push_back(*item);
            }
            return found;
        });
    };
    co_return co_await run_on(parts_.reader_pool, std::move(work));
}

Task<Result<store::Marked>> Control::change_marks(std::function<store::Marked(store::Writer&)> change) {
    auto work = [&writer = parts_.writer, change = std::move(change)] { return change(writer); };
    store::Marked marked;
    try {
        marked = co_await parts_.commits.run(std::move(work));
    } catch (const std::exception& failure) {
        co_return fail(ErrorKind::storage, "the database did not take the change: {}", failure.what());
    }
    parts_.marked(marked.marks);
    co_return marked;
}

Task<Result<store::Marked>> Control::mark(store::MarkRequest request) {
    return change_marks([request = std::move(request)](store::Writer& writer) { return writer.mark(request); });
}

Task<Result<store::Marked>> Control::tag(store::TagRequest request) {
    return change_marks([request = std::move(request)](store::Writer& writer) { return writer.tag(request); });
}

Task<Result<store::Marked>> Control::rename_tag(std::string from, std::string to) {
    return change_marks(
        [from = std::move(from), to = std::move(to)](store::Writer& writer) { return writer.rename_tag(from, to); });
}

}  // namespace agg::aggd
