// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/net_address.hpp"

namespace almon::server {

/// Looks names of hosts up as the machine does (hosts file, name servers), on a thread of its own: a name
/// server that does not answer takes ten seconds. The thread begins with the first question.
class NameLookup final {
public:
    /// Called on that thread, once for each question; no address: there is none, or nobody who knows.
    using Answer = std::function<void(const std::string& host, std::vector<NetAddress> addresses)>;

    explicit NameLookup(Answer answer);
    /// Waits for no name server: what is under way is answered to nobody.
    ~NameLookup();
    NameLookup(const NameLookup&) = delete;
    NameLookup& operator=(const NameLookup&) = delete;

    void ask(std::vector<std::string> hosts);

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace almon::server
