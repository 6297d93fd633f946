// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/signalling_loop.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "sip/transport/transports.hpp"
#include "support/files.hpp"
#include "support/transport_recorder.hpp"

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
        loop_ = std::make_unique<SignallingLoop>(pbx::ExchangeSettings{}, *journal_, *journal_,
                                                 std::make_shared<const model::Snapshot>(),
                                                 [](const pbx::ServiceChange&) { return Result<void>{}; });
    }
    ~SignallingLoopTest() override {
        if (loop_) loop_->stop(0ms);
    }

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

TEST_F(SignallingLoopTest, WhoLooksWaitsNoLongerThanItsPatience) {
    const auto seen = std::make_shared<std::promise<std::size_t>>();
    const auto question = [seen](const pbx::Exchange& exchange) {
        seen->set_value(exchange.calls().channel_count());
    };
    const auto early = loop_->look(question, 1ms);
    ASSERT_FALSE(early) << "the loop does not run yet";
    EXPECT_EQ(early.error().reason, "does not answer");
    EXPECT_EQ(loop_->waiting(), 1U);
    loop_->start(wire_, engine_);
    EXPECT_EQ(seen->get_future().get(), 0U) << "it is answered late, into what the question owns";
    EXPECT_TRUE(loop_->look([](const pbx::Exchange&) {}, 10s));
    loop_->stop(0ms);
    const auto late = loop_->look([](const pbx::Exchange&) {}, 10s);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().reason, "the server is stopping");
    loop_.reset();
}

TEST_F(SignallingLoopTest, IsReadyWhereTheEngineHasNoPorts) {
    loop_->start(wire_, engine_);
    ASSERT_GT(engine_.wait_for_order(), 0U);
    loop_->on_media({media::PortsExhausted{"the range is used up"}});
    EXPECT_TRUE(loop_->wait_until_ready(10s));
}

/// Messages through a real socket to the loop and back.
class DatagramsTest : public SignallingLoopTest {
protected:
    DatagramsTest() {
        const auto bound =
            transports_.listen(sip::TransportKind::Udp, NetAddress::parse("127.0.0.1", 0).value());
        EXPECT_TRUE(bound) << bound.error().reason;
        address_ = bound.value_or(NetAddress{});
        transports_.start();
        loop_->start(transports_, engine_);
    }
    // Whoever sends through the transports goes before them.
    ~DatagramsTest() override { loop_.reset(); }

    void give_ports() {
        loop_->on_media({media::PortsReady{std::vector<std::uint16_t>(engine_.wait_for_order(), 10'000)}});
    }
    [[nodiscard]] std::string options(int number) const {
        return "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP " + phone_.address().text() +
               ";branch=z9hG4bK" + std::to_string(number) +
               "\r\nFrom: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nMax-Forwards: 70\r\nCall-ID: c" +
               std::to_string(number) + "\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
    }

    sip::Transports transports_{*loop_};
    NetAddress address_;
    sip::TestSocket phone_ = sip::TestSocket::udp();
};

TEST_F(DatagramsTest, HoldsABurstBackUntilPortsAreBound) {
    ASSERT_GT(engine_.wait_for_order(), 0U);
    loop_->read(transports_.datagrams());
    phone_.send_to(address_, options(1));
    EXPECT_FALSE(phone_.wait_for_connection(100ms)) << "an answer came while there was no port";
    EXPECT_TRUE(loop_->ask([](const pbx::Exchange&) {}));
    loop_->on_media({media::PortsReady{std::vector<std::uint16_t>(64, 10'000)}});
    EXPECT_EQ(phone_.receive().substr(0, 11), "SIP/2.0 200");
    phone_.send_to(address_, options(2));
    EXPECT_EQ(phone_.receive().substr(0, 11), "SIP/2.0 200");
}

TEST_F(DatagramsTest, AnswersWhatComesOverUdp_AlsoWhatWaitedBeforeItRead) {
    give_ports();
    phone_.send_to(address_, options(1));
    loop_->read(transports_.datagrams());
    EXPECT_EQ(phone_.receive().substr(0, 11), "SIP/2.0 200");
    phone_.send_to(address_, options(2));
    EXPECT_EQ(phone_.receive().substr(0, 11), "SIP/2.0 200");
}

TEST_F(DatagramsTest, AnswersEachOfABurst) {
    give_ports();
    loop_->read(transports_.datagrams());
    // More than a step of the loop takes, and no more than the phone's socket holds answers.
    constexpr int kCount = 150;
    for (int i = 0; i < kCount; ++i)
        phone_.send_to(address_, options(i));
    for (int i = 0; i < kCount; ++i) {
        const auto answer = phone_.receive();
        ASSERT_NE(answer.find("branch=z9hG4bK" + std::to_string(i) + "\r"), std::string::npos) << answer;
    }
}

/// A wake-up that is lost would be an answer that never comes: others ring the bell at every moment of the
/// loop's round, datagrams arrive at every moment, too.
TEST_F(DatagramsTest, LosesNoWakeUpWhileOthersHandInputsIn) {
    give_ports();
    loop_->read(transports_.datagrams());
    constexpr int kRounds = 2'000;
    std::thread asker([this] {
        for (int i = 0; i < kRounds; ++i)
            EXPECT_TRUE(loop_->ask([](const pbx::Exchange&) {}));
    });
    std::thread reporter([this] {
        for (int i = 0; i < kRounds; ++i)
            loop_->on_media({media::PortsReady{{20'000}}});
    });
    for (int i = 0; i < kRounds; ++i) {
        phone_.send_to(address_, options(i));
        ASSERT_EQ(phone_.receive().substr(0, 11), "SIP/2.0 200") << "of request " << i;
    }
    asker.join();
    reporter.join();
}

}  // namespace
}  // namespace almon::server
