// The anchors of many items in one piece that never changes: in a file, where it takes no memory while nobody asks, or
// in memory. Of a posting, its bucket says the first `number_bits` bits of the tag; what is stored are the other bits
// of it, then as many bits for the item's number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/feed.hpp"
#include "base/item.hpp"
#include "base/mapped_file.hpp"

namespace agg::dedup {

// An item as the index knows it.
struct Indexed {
    ItemId item{};
    StoryId story{};
    FeedId feed{};
    TimePoint published{};
    TimePoint seen{};  // when it arrived
};

class SealedAnchors {
  public:
    struct Posting {
        std::uint32_t tag = 0;
        std::uint32_t number = 0;  // of the item, the first one's is 0
    };

    SealedAnchors() = default;  // none

    // What AnchorSealer has written to `file`; absent when that is not there, not whole, or has another stamp.
    [[nodiscard]] static std::optional<SealedAnchors> open(const std::string& file, std::uint64_t stamp);

    // Another one for each piece that was ever written; 0: in memory.
    [[nodiscard]] std::uint64_t stamp() const { return stamp_; }

    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] const Indexed& item(std::size_t number) const { return items_[number]; }

    // The postings by tag, of one tag the newest item first.
    [[nodiscard]] std::size_t postings() const { return postings_.size(); }
    [[nodiscard]] std::size_t buckets() const { return bucket_ends_.size(); }
    [[nodiscard]] std::size_t end_of(std::size_t bucket) const { return bucket_ends_[bucket]; }
    [[nodiscard]] Posting posting(std::size_t bucket, std::size_t index) const {
        const std::uint32_t stored = postings_[index];
        return {static_cast<std::uint32_t>(bucket << (32 - number_bits_)) | stored >> number_bits_,
                stored & ((1U << number_bits_) - 1)};
    }

    // Calls `look` with the number of every item that has `tag`, the newest first.
    template <typename Look>
    void each_with(std::uint32_t tag, Look look) const {
        if (items_.empty()) return;
        const std::uint32_t rest = tag & (0xFFFF'FFFFU >> number_bits_);
        const std::uint32_t* const end = postings_.data() + bucket_ends_[bucket_of(tag)];
        for (const std::uint32_t* at = begin_of(tag); at != end; ++at)
            if (*at >> number_bits_ == rest) look(*at & ((1U << number_bits_) - 1));
    }

    // Each tag stands somewhere else: asked for together, what is not in the processor's cache comes at the same time
    // instead of one after the other.
    void prefetch(std::span<const std::uint32_t> tags) const {
        if (items_.empty()) return;
        for (const std::uint32_t tag : tags) __builtin_prefetch(&bucket_ends_[bucket_of(tag)]);
        for (const std::uint32_t tag : tags) __builtin_prefetch(begin_of(tag));
    }

    // Of memory: none in a file.
    [[nodiscard]] std::size_t bytes() const { return memory_.capacity(); }

    // Lets go of what looking at the file has brought into memory.
    void rest() const { file_.rest(); }

  private:
    friend class AnchorSealer;
    [[nodiscard]] std::size_t bucket_of(std::uint32_t tag) const { return tag >> (32 - number_bits_); }
    [[nodiscard]] const std::uint32_t* begin_of(std::uint32_t tag) const {
        const std::size_t bucket = bucket_of(tag);
        return postings_.data() + (bucket == 0 ? 0 : bucket_ends_[bucket - 1]);
    }
    // Absent when `all` is not what AnchorSealer makes.
    [[nodiscard]] bool take(std::span<const std::byte> all);

    std::vector<std::byte> memory_;  // one of the two
    MappedFile file_;
    std::uint64_t stamp_ = 0;
    std::uint32_t number_bits_ = 1;
    std::span<const Indexed> items_;
    std::span<const std::uint32_t> postings_, bucket_ends_;
};

// Makes them, front to back.
class AnchorSealer {
  public:
    // Into `file`, whose place the new one takes when it is whole, for its owner's eyes only; empty: into memory. There
    // will be so many items.
    AnchorSealer(std::string file, std::size_t items);
    ~AnchorSealer();
    AnchorSealer(const AnchorSealer&) = delete;
    AnchorSealer& operator=(const AnchorSealer&) = delete;

    void put(const Indexed& item);                                         // all of them first
    void put(const SealedAnchors::Posting& posting);                       // then these, in their order
    [[nodiscard]] std::optional<SealedAnchors> finish();                   // absent when the file cannot be written
    [[nodiscard]] const std::string& problem() const { return problem_; }  // why it could not

  private:
    void put_bytes(const void* bytes, std::size_t size);
    void flush();
    void fail(const char* what);

    std::string path_, new_path_, problem_;
    int file_ = -1;
    struct Hash;
    Hash* hash_;
    std::vector<std::byte> written_;  // all, or what waits to be written
    std::vector<std::uint32_t> bucket_ends_;
    std::uint64_t items_ = 0, postings_ = 0;
    std::uint32_t number_bits_;
};

}  // namespace agg::dedup
