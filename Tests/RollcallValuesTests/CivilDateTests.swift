import RollcallValues
import Testing

@Suite struct CivilDateTests {
    @Test func everyDayOfTenThousandYearsFollowsTheDayBefore() throws {
        var days = CivilDate.daysSince1970(year: 1, month: 1, day: 1)
        #expect(days == -719_162)
        for year in 1...9_999 {
            for month in 1...12 {
                var length = 0
                while let date = CivilDate(year: year, month: month, day: length + 1) {
                    guard date.daysSince1970 == days, CivilDate(daysSince1970: days) == date else {
                        try #require(Bool(false), "\(date)")
                        return
                    }
                    days += 1
                    length += 1
                }
            }
        }
        #expect(days - 1 == 2_932_896)
    }

    @Test(arguments: [
        (2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 13, 1), (2024, 0, 1), (2024, 1, 0), (2024, 1, 32),
    ])
    func whatTheCalendarLacksIsNoDate(_ year: Int, _ month: Int, _ day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test func leapDaysAreDates() {
        #expect(CivilDate(year: 2024, month: 2, day: 29) != nil)
        #expect(CivilDate(year: 2000, month: 2, day: 29) != nil)
    }
}
