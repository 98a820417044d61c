// Lines of the log that carry journal fields: `journalctl FEED=bbc-world`, or by the kind of change, MESSAGE_ID.
#pragma once

#include <string>
#include <string_view>

#include "base/log.hpp"

namespace agg::log {

// What is empty is left out. They go to the journal only.
struct Fields {
    std::string_view feed;        // FEED=, its name in feeds.conf
    std::string item;             // ITEM=, the number of a stored item
    int status = 0;               // STATUS=, of an HTTP answer; 0: none
    std::string_view message_id;  // MESSAGE_ID=, the kind of a change: aggd/message_ids.hpp
};

void write(Level level, const Fields& fields, std::string_view line);

}  // namespace agg::log
