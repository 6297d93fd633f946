// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialplan/interpreter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_host.hpp"

namespace almon::dialplan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Scripts : public ::testing::Test {
protected:
    void write(const std::string& text) {
        auto read = read_dialplan({{"test.conf", text}},
                                  {"playback", "background", "waitexten", "answer", "hangup", "dial"});
        for (const auto& error : read.errors)
            ADD_FAILURE() << error.sentence();
        plan = std::move(read.dialplan);
    }
    Outcome run(std::string context, std::string exten = "s") {
        script = {{std::move(context), std::move(exten), 1}};
        return Interpreter(*plan, script, host).run();
    }
    FakeHost host;
    std::shared_ptr<const Dialplan> plan;
    Script script;
};

TEST_F(Scripts, GoFromPriorityToPriority) {  // ADB-045
    write(R"([menu]
exten = s,1,NoOp(### begins ###)   ; a comment
same  = n,Answer()
exten => s,n(last),Playback(bye)
same=>n,hangup()
)");
    EXPECT_EQ(run("menu"), Outcome::Ended);
    EXPECT_THAT(host.ran, ElementsAre("Answer()", "Playback(bye)", "hangup()"));
}

TEST_F(Scripts, JumpToLabelsExtensionsAndContexts) {  // ADB-046, ADB-052
    write(R"([one]
exten = s,1,Set(n=0)
same = n(again),Set(n=$[${n} + 1])
same = n,GotoIf($[${n} < 3]?again)
same = n,Goto(two,s,begin)
[two]
exten = s,1,Playback(never)
same = n(begin),Playback(${n})
same = n,Goto(i,1)
exten = i,1,Playback(invalid)
same = n,Goto(default,${n}000,1)
)");
    EXPECT_EQ(run("one"), Outcome::GoneOn);
    EXPECT_THAT(host.ran, ElementsAre("Playback(3)", "Playback(invalid)"));
    EXPECT_EQ(host.left_for, "default,3000");
}

TEST_F(Scripts, ThePrintedSampleGivesThreeTries) {  // ADB-049: without $[...], as it is printed
    write(R"([dp]
exten = s,1,Set(counter=0)
same = n(start),Set(counter=${counter} + 1)
same = n,Background(choices)
same = n,WaitExten(5)
exten = 1,1,Goto(default,8000,1)
exten = t,1,Goto(i,1)
exten = i,1,GotoIf(${counter}>=3)?error)
exten = i,n,Playback(invalid)
exten = i,n,Goto(s,start)
exten = i,n(error),Playback(error)
exten = i,n,Hangup()
)");
    host.waits_at = "WaitExten";
    EXPECT_EQ(run("dp"), Outcome::Waits);
    EXPECT_EQ(Interpreter(*plan, script, host).run_dialled("9"), Outcome::Waits);
    EXPECT_EQ(host.variables["INVALID_EXTEN"], "9");
    EXPECT_EQ(Interpreter(*plan, script, host).run_dialled(""), Outcome::Waits);
    EXPECT_EQ(Interpreter(*plan, script, host).run_dialled(""), Outcome::GoneOn);
    EXPECT_THAT(host.ran, ElementsAre("Background(choices)", "WaitExten(5)", "Playback(invalid)",
                                      "Background(choices)", "WaitExten(5)", "Playback(invalid)",
                                      "Background(choices)", "WaitExten(5)", "Playback(error)", "Hangup()"));
    EXPECT_THAT(host.mistakes, IsEmpty());
}

TEST_F(Scripts, WhatIsPressedIsAnExtension) {  // ADB-047
    write(
        "[dp]\nexten = s,1,WaitExten()\nexten = _X.,1,Playback(many ${EXTEN})\nexten = 1,1,Playback(one)\n");
    host.waits_at = "WaitExten";
    EXPECT_EQ(run("dp"), Outcome::Waits);
    EXPECT_EQ(Interpreter(*plan, script, host).run_dialled("1"), Outcome::Ended);
    EXPECT_EQ(run("dp"), Outcome::Waits);
    EXPECT_EQ(Interpreter(*plan, script, host).run_dialled("123"), Outcome::Ended);
    EXPECT_THAT(host.ran, ElementsAre("WaitExten()", "Playback(one)", "WaitExten()", "Playback(many 123)"));
    EXPECT_TRUE(plan->may_go_on("dp", "1", host.now));
    EXPECT_FALSE(plan->may_go_on("dp", "*", host.now));
}

TEST_F(Scripts, SubroutinesTakeArgumentsAndReturn) {  // API-208
    write(R"([main]
exten = s,1,Gosub(sub,s,1(alice,"a, b"))
same = n,Playback(${GOSUB_RETVAL} ${ARG1})
same = n,GosubIf($[1 = 1]?sub,s,short(x):sub,s,1)
[sub]
exten = s,1,Set(LOCAL(mine)=${ARG1})
same = n,Playback(${ARGC} ${ARG2} ${mine})
same = n,Return(done)
same = n(short),Playback(${ARG1})
)");
    EXPECT_EQ(run("main"), Outcome::Ended);
    EXPECT_THAT(host.ran, ElementsAre("Playback(2 a, b alice)", "Playback(done )", "Playback(x)"));
    EXPECT_EQ(host.variable("mine"), "");
}

TEST_F(Scripts, ASubroutineOfTheSystemGoesBackToIt) {  // API-208
    write("[sub]\nexten = s,1,Set(__X=1)\nsame = n,Return()\nexten = forgot,1,NoOp()\n");
    script = {{"sub", "s", 1}, {{true, {"sub", "s"}}}};
    EXPECT_EQ(Interpreter(*plan, script, host).run(), Outcome::Returned);
    EXPECT_EQ(host.variables["__X"], "1");
    script = {{"sub", "forgot", 1}, {{true, {"sub", "s"}}}};
    EXPECT_EQ(Interpreter(*plan, script, host).run(), Outcome::Returned);
}

TEST_F(Scripts, LoopsAndConditionalApplications) {
    write(R"([loop]
exten = s,1,Set(i=0)
same = n,While($[${i} < 5])
same = n,Set(i=$[${i} + 1])
same = n,ExecIf($[${i} = 2]?Set(two=yes):Set(two=no))
same = n,GotoIf($[${i} = 2]?skip)
same = n,Playback(${i}${two})
same = n(skip),ExecIf($[${i} = 4]?Goto(out))
same = n,EndWhile()
same = n(out),Playback(end)
)");
    EXPECT_EQ(run("loop"), Outcome::Ended);
    EXPECT_THAT(host.ran, ElementsAre("Playback(1no)", "Playback(3no)", "Playback(4no)", "Playback(end)"));
}

TEST_F(Scripts, WhatCallersAreCalledIsNeverReadAsPartOfTheLanguage) {
    write(R"([a]
exten = s,1,ExecIf($[0]?Set(N=${CALLERID(name)}):NoOp())
same = n,ExecIf($[1]?Set(N=${CALLERID(name)}))
same = n,GotoIf(${CALLERID(num)}?yes:no)
same = n(yes),Hangup()
same = n(no),Playback(${N})
)");
    host.variables["CALLERID(name)"] = "x):Dial(SIP/trunk/00900) ${EXTEN} $[1+1]";
    host.variables["CALLERID(num)"] = "0?yes:";
    EXPECT_EQ(run("a"), Outcome::GoneOn) << "a number that is not zero holds";
    host.variables["CALLERID(num)"] = "0";
    EXPECT_EQ(run("a"), Outcome::Ended);
    EXPECT_THAT(host.ran, ElementsAre("Hangup()", "Playback(x):Dial(SIP/trunk/00900) ${EXTEN} $[1+1])"));
}

TEST_F(Scripts, WhoLeavesASubroutineByGotoDoesNotComeBack) {  // API-208
    write("[sub]\nexten = s,1,Goto(else,s,1)\n[else]\nexten = s,1,Playback(closed)\n");
    script = {{"sub", "s", 1}, {{true, {"sub", "s"}}}};
    EXPECT_EQ(Interpreter(*plan, script, host).run(), Outcome::Ended);
    EXPECT_THAT(host.ran, ElementsAre("Playback(closed)"));
}

TEST_F(Scripts, TimesDecide) {
    write(R"([night]
exten = s,1,GotoIfTime(22:00-06:00,*,*,*?asleep)
same = n,Playback(awake)
same = n,Hangup()
same = n(asleep),Playback(asleep)
[day]
include = night,08:00-18:00,mon-fri,*,*
exten = x,1,NoOp()
)");
    host.now.tm_hour = 23;
    EXPECT_EQ(run("night"), Outcome::Ended);
    host.now.tm_hour = 12;
    EXPECT_EQ(run("night"), Outcome::GoneOn);
    EXPECT_THAT(host.ran, ElementsAre("Playback(asleep)", "Playback(awake)", "Hangup()"));
    host.now.tm_wday = 2;
    EXPECT_NE(plan->find("day", "s", host.now), nullptr);
    host.now.tm_wday = 0;
    EXPECT_EQ(plan->find("day", "s", host.now), nullptr);
}

TEST_F(Scripts, WhatGoesInCirclesIsStopped) {
    write("[a]\nexten = s,1,Goto(s,1)\nexten = r,1,Gosub(r,1)\n");
    EXPECT_EQ(run("a"), Outcome::Circles);
    EXPECT_EQ(run("a", "r"), Outcome::Circles);
}

TEST_F(Scripts, FunctionsAndGlobalsCanBeSet) {
    write(
        "X = 7\n[globals]\nY=>8 9\n[a]\nexten = s,1,Set(CALLERID(num)=12)\nsame = n,Set(GLOBAL(g)=x=y)\nsame "
        "= n,Set(NOSUCH(a)=1)\n");
    EXPECT_EQ(plan->globals().at("X"), "7");
    EXPECT_EQ(plan->globals().at("Y"), "8 9");
    EXPECT_EQ(run("a"), Outcome::Ended);
    EXPECT_EQ(host.variables["CALLERID(num)"], "12");
    EXPECT_EQ(host.globals["g"], "x=y");
    EXPECT_THAT(host.mistakes, ElementsAre("there is no function NOSUCH that can be set"));
}

TEST_F(Scripts, ACommandLeadsIntoTheDialplan) {  // ADB-007, ADB-053
    write("[dp]\nexten = s,1,Playback(${XIVO_DSTNUM})\n");
    host.variables["XIVO_DSTNUM"] = "0141";
    script = {};
    EXPECT_EQ(Interpreter(*plan, script, host).run_command("Goto(dp,s,1)"), Outcome::Ended);
    EXPECT_EQ(Interpreter(*plan, script, host).run_command("Goto(to-pabx,${XIVO_DSTNUM},1)"),
              Outcome::GoneOn);
    EXPECT_THAT(host.ran, ElementsAre("Playback(0141)"));
    EXPECT_EQ(host.left_for, "to-pabx,0141");
}

TEST(DialplanFile, MistakesNameFileLineAndWhatIsExpected) {
    const auto read = read_dialplan({{"pbx.conf", R"(
[a]
same = n,NoOp()
exten = 1,x,NoOp()
exten = 1,n,NoOp()
exten = 2,1,Playback(${EXTEN)
exten = 3,1,Playback(hello
exten = 3,1
exten = 4,1,NoOp()
exten = 4,1,NoOp()
exten = 5,1,EndWhile()
include = b,25:00-26:00
nonsense
[b
#include "x.conf"
)"}},
                                    {"playback"});
    EXPECT_EQ(read.dialplan, nullptr);
    std::vector<std::string> sentences;
    for (const auto& error : read.errors)
        sentences.push_back(error.sentence());
    EXPECT_THAT(sentences,
                ElementsAre("pbx.conf, line 3: \"same\" needs an \"exten\" before it",
                            "pbx.conf, line 4: a priority is expected, not \"x\"",
                            "pbx.conf, line 5: the first priority of an extension is 1, not n",
                            "pbx.conf, line 6: Playback(${EXTEN): a } is missing",
                            "pbx.conf, line 7: the bracket behind Playback is not closed",
                            "pbx.conf, line 8: an application is expected behind the priority",
                            "pbx.conf, line 10: 4 has a priority 1 already",
                            "pbx.conf, line 12: times: \"25:00-26:00\" is none",
                            "pbx.conf, line 13: \"name = value\" is expected, not \"nonsense\"",
                            "pbx.conf, line 14: a ] is missing",
                            "pbx.conf, line 15: #include is not supported: each file is read by itself",
                            "pbx.conf, line 11: EndWhile: there is no While before it"));
}

TEST(DialplanFile, UnknownApplicationsAreWarnedOf) {
    const auto read = read_dialplan({{"a.conf", "[a]\nexten = s,1,Playbak(x)\n"}}, {"playback"});
    ASSERT_NE(read.dialplan, nullptr);
    ASSERT_EQ(read.warnings.size(), 1U);
    EXPECT_THAT(read.warnings[0].sentence(), HasSubstr("a.conf, line 2: there is no application Playbak"));
}

TEST(DialplanFile, ManyFilesMakeOneDialplan) {  // ADB-039, ADA-163
    const auto read = read_dialplan(
        {{"a.conf", "[both]\nexten = 1,1,NoOp()\n;-- no\n[not]\n--;exten = 2,1,NoOp()\n"},
         {"b.conf", "[both](+)\nexten = _2X,1,NoOp()\nexten = _2[0-4],1,NoOp()\nexten = 3,hint,SIP/bob\n"}},
        {});
    ASSERT_NE(read.dialplan, nullptr) << read.errors.at(0).sentence();
    EXPECT_EQ(read.dialplan->priority_count(), 4U);
    EXPECT_EQ(read.dialplan->context("not"), nullptr);
    EXPECT_EQ(read.dialplan->own("both", "23")->name, "2[0-4]");
    EXPECT_EQ(read.dialplan->own("both", "29")->name, "2X");
    EXPECT_EQ(read.dialplan->own("both", "3")->hint, "SIP/bob");
}

}  // namespace
}  // namespace almon::dialplan
