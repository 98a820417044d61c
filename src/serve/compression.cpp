#include "serve/compression.hpp"

#include <brotli/encode.h>
#include <stdexcept>
#include <zlib.h>

namespace agg::serve {
namespace {

// Often: smaller than gzip at its best, in the time that gzip takes by default. Once: a third of the time.
constexpr int quality(Effort effort) { return effort == Effort::often ? 5 : 2; }
constexpr int level(Effort effort) { return effort == Effort::often ? Z_DEFAULT_COMPRESSION : Z_BEST_SPEED; }

std::string gzip(std::string_view bytes, Effort effort) {
    z_stream stream{};
    constexpr int k_gzip_wrapper = 15 + 16;  // zlib's way to ask for gzip instead of its own wrapper
    if (::deflateInit2(&stream, level(effort), Z_DEFLATED, k_gzip_wrapper, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("zlib cannot start");
    std::string out(::deflateBound(&stream, bytes.size()), '\0');
    // zlib's type for input is not const, but it does not write to it.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int outcome = ::deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
    if (outcome != Z_STREAM_END) throw std::runtime_error("zlib cannot compress");
    return out;
}

std::string brotli(std::string_view bytes, Effort effort) {
    std::string out(::BrotliEncoderMaxCompressedSize(bytes.size()), '\0');
    std::size_t size = out.size();
    if (::BrotliEncoderCompress(quality(effort), BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.size(),
                                reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                                reinterpret_cast<std::uint8_t*>(out.data())) != BROTLI_TRUE)
        throw std::runtime_error("brotli cannot compress");
    out.resize(size);
    return out;
}

}  // namespace

std::string compress(std::string_view bytes, Coding coding, Effort effort) {
    switch (coding) {
        case Coding::identity: break;
        case Coding::gzip: return gzip(bytes, effort);
        case Coding::brotli: return brotli(bytes, effort);
    }
    return std::string(bytes);
}

}  // namespace agg::serve
