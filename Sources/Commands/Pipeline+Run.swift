internal import PostgresCheckpoints
internal import RollcallCore
internal import RollcallEngine

extension Pipeline {
    /// Runs the pipeline with its progress on standard error, until a signal stops it.
    func run(
        _ store: StateStore,
        _ options: RunOptions,
        _ signals: SignalHandling,
        isQuiet: Bool
    ) async throws -> RunReport {
        let display = ProgressDisplay(pipeline: name, isQuiet: isQuiet)
        defer { display.finish() }
        let run = PipelineRun(
            self,
            store: store,
            options: options,
            payloads: try PayloadKey.sealer(),
            stop: signals.stop,
            observe: display.observe
        )
        return try await run.execute()
    }

    /// Says what somebody must hear of a run that has ended.
    func warn(of report: RunReport) {
        for warning in report.warnings(self) { Console.warning(warning, of: name) }
    }
}
