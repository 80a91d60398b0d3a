internal import CSVSource
internal import DiscardSink
internal import GenesysContactListSink
internal import JSONLinesSink
internal import JSONSource
internal import PostgresSource
public import RollcallEngine
internal import RollcallTransforms

extension Plugins {
    /// The plug-ins that come with Rollcall.
    ///
    /// A program with plug-ins of its own makes a list like this one.
    public static let builtIn = Plugins(
        sources: [PostgresSource.self, CSVSource.self, JSONSource.self],
        transforms: [
            Filter.self, Derive.self, Select.self, Rename.self, Drop.self, Require.self, Text.self,
            Email.self, Phone.self, Dates.self, Map.self, Lookup.self, Split.self, Join.self, Mask.self, Hash.self,
            Sample.self,
            Limit.self, Dedupe.self, Timezone.self,
        ],
        sinks: [GenesysContactListSink.self, JSONLinesSink.self, DiscardSink.self]
    )
}
