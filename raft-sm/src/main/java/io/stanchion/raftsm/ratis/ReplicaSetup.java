package io.stanchion.raftsm.ratis;

import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.store.CheckpointSource;
import io.stanchion.raftsm.store.StoreSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What a replica is built from.
 *
 * @param directory holds {@code db}, {@code install} and {@code serve}; Ratis' own storage must be elsewhere
 * @param encryption of the log and the database
 * @param clock the wall clock, of this node or of several: where the log's clock begins when this node begins to lead, and what it is drawn
 *     toward
 * @param nanoTime measures intervals, and drives the log's clock
 * @param snapshotDue is run when Ratis should be asked for a snapshot, on any thread; must return at once
 */
public record ReplicaSetup(
        Path directory,
        StoreSettings store,
        LogBudget log,
        Encryption encryption,
        InstantSource clock,
        LongSupplier nanoTime,
        RoleListener role,
        CheckpointSource checkpoints,
        Runnable snapshotDue) {}
