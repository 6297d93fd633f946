// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/signalling_loop.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>

#include <gtest/gtest.h>

#include "support/files.hpp"

namespace almon::server {
namespace {

using namespace std::chrono_literals;

class NoWire final : public sip::Wire {
public:
    void send(const sip::Flow&, std::string_view) override {}
};

/// A media engine that binds no port before it is told to.
class SlowEngine final : public media::CommandSink {
public:
    void command(media::Command command) override {
        if (const auto* prepare = std::get_if<media::PreparePorts>(&command)) {
            const std::scoped_lock lock(mutex_);
            ordered_ = prepare->count;
            changed_.notify_all();
        }
    }
    [[nodiscard]] std::size_t wait_for_order() {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, 10s, [this] { return ordered_ > 0; });
        return ordered_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t ordered_ = 0;
};

class SignallingLoopTest : public testing::Test {
protected:
    SignallingLoopTest() {
        bus::JournalSettings settings;
        settings.folder = folder_.path() / "journal";
        journal_ = std::move(*bus::Journal::open(settings));
        loop_ = std::make_unique<SignallingLoop>(pbx::ExchangeSettings{}, *journal_,
                                                 std::make_shared<const model::Snapshot>());
    }
    ~SignallingLoopTest() override { loop_->stop(0ms); }

    test::TemporaryFolder folder_;
    NoWire wire_;
    SlowEngine engine_;
    std::unique_ptr<bus::Journal> journal_;
    std::unique_ptr<SignallingLoop> loop_;
};

TEST_F(SignallingLoopTest, IsReadyOnceTheEngineHasBoundPorts) {
    loop_->start(wire_, engine_);
    const auto ordered = engine_.wait_for_order();
    ASSERT_GT(ordered, 0U);
    EXPECT_FALSE(loop_->wait_until_ready(0ms)) << "a call would be refused for want of a port";
    loop_->on_media({media::PortsReady{std::vector<std::uint16_t>(ordered, 10'000)}});
    EXPECT_TRUE(loop_->wait_until_ready(10s));
}

TEST_F(SignallingLoopTest, IsReadyWhereTheEngineHasNoPorts) {
    loop_->start(wire_, engine_);
    ASSERT_GT(engine_.wait_for_order(), 0U);
    loop_->on_media({media::PortsExhausted{"the range is used up"}});
    EXPECT_TRUE(loop_->wait_until_ready(10s));
}

}  // namespace
}  // namespace almon::server
