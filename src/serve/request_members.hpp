// The JSON object in the body of a request, read member by member.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace agg::serve {

class RequestMembers {
  public:
    // An empty body is an empty object.
    explicit RequestMembers(std::string_view body);

    // Reads the member into `value` if it is there; one of another type is a problem.
    void read(const char* name, std::string& value);
    void read(const char* name, bool& value);
    void read(const char* name, std::vector<std::string>& values);

    // The first thing that is wrong with the request, when all members that it may have were read; empty: nothing.
    [[nodiscard]] std::string problem() const;

  private:
    const boost::json::value* find(const char* name);
    void take(const char* name, const boost::json::value& member, std::string& value);
    void wrong_type(const char* name, const char* wanted, const boost::json::value& found);

    boost::json::object object_;
    std::vector<std::string> known_;
    std::string problem_;
};

}  // namespace agg::serve
