#include "aggctl/event_reader.hpp"

#include <charconv>

namespace agg::aggctl {

void EventReader::read(std::string_view bytes, const std::function<void(const Event&)>& take) {
    unread_ += bytes;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = unread_.find('\n', begin)) != std::string::npos; begin = end + 1) {
        std::string_view line = std::string_view(unread_).substr(begin, end - begin);
        if (line.ends_with('\r')) line.remove_suffix(1);
        read_line(line, take);
    }
    unread_.erase(0, begin);
}

void EventReader::begin_again() {
    unread_.clear();
    event_ = {};
    id_ = last_id_;
}

void EventReader::read_line(std::string_view line, const std::function<void(const Event&)>& take) {
    if (line.empty()) {
        last_id_ = id_;
        if (!event_.data.empty()) take(event_);
        event_ = {};
        return;
    }
    const std::size_t colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "data") {
        if (!event_.data.empty()) event_.data += '\n';
        event_.data += value;
    } else if (field == "event") {
        event_.type = value;
    } else if (field == "id") {
        id_ = value;
    } else if (field == "retry") {
        std::uint32_t milliseconds = 0;
        const auto read = std::from_chars(value.data(), value.data() + value.size(), milliseconds);
        if (read.ec == std::errc{} && read.ptr == value.data() + value.size())
            retry_ = std::chrono::milliseconds{milliseconds};
    }
}

}  // namespace agg::aggctl
