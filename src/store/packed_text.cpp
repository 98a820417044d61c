#include "store/packed_text.hpp"

#include <memory>
#include <stdexcept>
#include <zstd.h>

namespace agg::store {
namespace {

constexpr std::size_t k_worth_packing = 128;  // bytes; what is shorter hardly shrinks
constexpr int k_level = 1;                    // higher ones take a third more time and more for 2 % less
constexpr unsigned long long k_max_bytes = 256ULL << 20;

struct Free {
    void operator()(ZSTD_CCtx* packer) const { ZSTD_freeCCtx(packer); }
    void operator()(ZSTD_DCtx* unpacker) const { ZSTD_freeDCtx(unpacker); }
};

// Kept: making one costs more than a short text.
template <typename Context, Context* make()>
Context* kept() {
    thread_local const std::unique_ptr<Context, Free> context(make());
    if (!context) throw std::bad_alloc();
    return context.get();
}

}  // namespace

PackedText pack(std::string text) {
    if (text.size() < k_worth_packing) return {std::move(text), false};
    std::string packed(ZSTD_compressBound(text.size()), '\0');
    const std::size_t size = ZSTD_compressCCtx(kept<ZSTD_CCtx, ZSTD_createCCtx>(), packed.data(), packed.size(),
                                               text.data(), text.size(), k_level);
    if (ZSTD_isError(size) != 0 || size >= text.size()) return {std::move(text), false};
    return {packed.substr(0, size), true};
}

void bind(SQLite::Statement& statement, int index, const PackedText& text) {
    if (text.is_packed)
        statement.bind(index, text.bytes.data(), static_cast<int>(text.bytes.size()));
    else
        statement.bind(index, text.bytes);
}

std::string read_packed(const SQLite::Column& column) {
    if (!column.isBlob()) return column.getString();
    const auto* packed = static_cast<const char*>(column.getBlob());
    const auto packed_size = static_cast<std::size_t>(column.getBytes());
    const unsigned long long size = ZSTD_getFrameContentSize(packed, packed_size);
    if (size > k_max_bytes) throw std::runtime_error("a packed text of the database is damaged");
    std::string text(size, '\0');
    const std::size_t unpacked =
        ZSTD_decompressDCtx(kept<ZSTD_DCtx, ZSTD_createDCtx>(), text.data(), text.size(), packed, packed_size);
    if (ZSTD_isError(unpacked) != 0 || unpacked != size)
        throw std::runtime_error("a packed text of the database is damaged");
    return text;
}

}  // namespace agg::store
