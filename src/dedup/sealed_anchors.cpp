#include "dedup/sealed_anchors.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <numeric>
#include <random>
#include <type_traits>

#include <xxhash.h>

namespace agg::dedup {
namespace {

constexpr std::size_t k_piece = 256 * 1024;
// Another layout has another number; so has another byte order.
constexpr std::uint64_t k_layout = 0x6167'6764'616e'6301;

struct Head {
    std::uint64_t layout = k_layout;
    std::uint64_t stamp = 0;
    std::uint64_t hash = 0;  // of all that follows
    std::uint64_t items = 0, postings = 0, buckets = 0;

    [[nodiscard]] std::uint64_t size() const {
        return sizeof(Head) + items * sizeof(Indexed) + (postings + buckets) * sizeof(std::uint32_t);
    }
    [[nodiscard]] bool is_possible(std::uint64_t size_of_all) const {
        return layout == k_layout && items < size_of_all && postings < size_of_all && buckets < size_of_all &&
               buckets >= 2 && std::has_single_bit(buckets) && buckets <= std::uint64_t{1} << 31 &&
               size() == size_of_all;
    }
};

static_assert(std::is_trivially_copyable_v<Indexed> && sizeof(Head) % alignof(Indexed) == 0);

std::uint64_t new_stamp() {
    std::random_device random;
    const std::uint64_t stamp = std::uint64_t{random()} << 32 | random();
    return std::max<std::uint64_t>(stamp >> 1, 1);  // fits SQLite's integers
}

}  // namespace

struct AnchorSealer::Hash {
    XXH3_state_t* state = XXH3_createState();
    Hash() { XXH3_64bits_reset(state); }
    ~Hash() { XXH3_freeState(state); }
    Hash(const Hash&) = delete;
    Hash& operator=(const Hash&) = delete;
};

// Read before it is mapped: bytes that the disk has lost must not be met where nothing can be said of it.
std::optional<SealedAnchors> SealedAnchors::open(const std::string& file, std::uint64_t stamp) {
    std::ifstream in(file, std::ios::binary);
    Head head;
    if (stamp == 0 || !in.read(reinterpret_cast<char*>(&head), sizeof head) || head.stamp != stamp) return std::nullopt;
    const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> hash(XXH3_createState(), XXH3_freeState);
    XXH3_64bits_reset(hash.get());
    std::vector<char> piece(k_piece);
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0)
        XXH3_64bits_update(hash.get(), piece.data(), static_cast<std::size_t>(in.gcount()));
    if (XXH3_64bits_digest(hash.get()) != head.hash) return std::nullopt;
    auto mapped = MappedFile::open(file);
    SealedAnchors sealed;
    if (!mapped || !sealed.take(mapped->bytes()) || sealed.stamp_ != stamp) return std::nullopt;
    sealed.file_ = std::move(*mapped);
    return sealed;
}

bool SealedAnchors::take(std::span<const std::byte> all) {
    Head head;
    if (all.size() < sizeof head) return false;
    std::memcpy(&head, all.data(), sizeof head);
    if (!head.is_possible(all.size())) return false;
    stamp_ = head.stamp;
    number_bits_ = static_cast<std::uint32_t>(std::countr_zero(head.buckets));
    const std::byte* at = all.data() + sizeof head;
    items_ = {reinterpret_cast<const Indexed*>(at), head.items};
    at += items_.size_bytes();
    postings_ = {reinterpret_cast<const std::uint32_t*>(at), head.postings};
    at += postings_.size_bytes();
    bucket_ends_ = {reinterpret_cast<const std::uint32_t*>(at), head.buckets};
    return true;
}

AnchorSealer::AnchorSealer(std::string file, std::size_t items)
    : path_(std::move(file)),
      hash_(new Hash),
      number_bits_(static_cast<std::uint32_t>(std::max<std::size_t>(1, std::bit_width(items)))) {
    bucket_ends_.assign(std::size_t{1} << number_bits_, 0);
    const Head head;  // the real one comes last
    if (path_.empty()) {
        written_.resize(sizeof head);
        return;
    }
    new_path_ = path_ + ".new";
    ::unlink(new_path_.c_str());
    file_ = ::open(new_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file_ < 0 || ::write(file_, &head, sizeof head) != sizeof head) fail("cannot be written");
    written_.reserve(k_piece);
}

AnchorSealer::~AnchorSealer() {
    delete hash_;
    if (file_ < 0) return;
    ::close(file_);
    ::unlink(new_path_.c_str());
}

void AnchorSealer::fail(const char* what) {
    if (problem_.empty()) problem_ = new_path_ + " " + what + ": " + std::strerror(errno);
}

void AnchorSealer::put_bytes(const void* bytes, std::size_t size) {
    const auto* begin = static_cast<const std::byte*>(bytes);
    written_.insert(written_.end(), begin, begin + size);
    if (!path_.empty() && written_.size() >= k_piece) flush();
}

void AnchorSealer::flush() {
    XXH3_64bits_update(hash_->state, written_.data(), written_.size());
    for (std::size_t done = 0; done < written_.size() && problem_.empty();) {
        const ssize_t count = ::write(file_, written_.data() + done, written_.size() - done);
        if (count > 0)
            done += static_cast<std::size_t>(count);
        else if (errno != EINTR)
            fail("cannot be written");
    }
    written_.clear();
}

void AnchorSealer::put(const Indexed& item) {
    put_bytes(&item, sizeof item);
    ++items_;
}

void AnchorSealer::put(const SealedAnchors::Posting& posting) {
    const std::uint32_t stored = posting.tag << number_bits_ | posting.number;
    put_bytes(&stored, sizeof stored);
    ++bucket_ends_[posting.tag >> (32 - number_bits_)];
    ++postings_;
}

std::optional<SealedAnchors> AnchorSealer::finish() {
    std::partial_sum(bucket_ends_.begin(), bucket_ends_.end(), bucket_ends_.begin());
    put_bytes(bucket_ends_.data(), bucket_ends_.size() * sizeof(std::uint32_t));
    Head head{.items = items_, .postings = postings_, .buckets = bucket_ends_.size()};
    SealedAnchors sealed;
    if (path_.empty()) {
        std::memcpy(written_.data(), &head, sizeof head);
        written_.shrink_to_fit();
        sealed.memory_ = std::move(written_);
        (void)sealed.take(sealed.memory_);
        return sealed;
    }
    flush();
    head.stamp = new_stamp();
    head.hash = XXH3_64bits_digest(hash_->state);
    if (problem_.empty() && ::pwrite(file_, &head, sizeof head, 0) != sizeof head) fail("cannot be written");
    auto mapped = problem_.empty() ? MappedFile::open(new_path_) : std::nullopt;
    if (problem_.empty() && !mapped) fail("cannot be mapped");
    if (!problem_.empty()) return std::nullopt;
    if (::rename(new_path_.c_str(), path_.c_str()) != 0) {
        fail("cannot be given its name");
        return std::nullopt;
    }
    ::close(file_);
    file_ = -1;
    (void)sealed.take(mapped->bytes());
    sealed.file_ = std::move(*mapped);
    return sealed;
}

}  // namespace agg::dedup
