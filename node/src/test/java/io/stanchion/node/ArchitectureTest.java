package io.stanchion.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. The rules are those of ARCHITECTURE.md; this module sees every production class. */
@AnalyzeClasses(packages = "io.stanchion", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] PURE = {
        "io.stanchion.raftsm.command..", "io.stanchion.raftsm.model..", "io.stanchion.raftsm.effect.."
    };

    @ArchTest
    static final ArchRule protoKnowsNobody = noClasses()
            .that()
            .resideInAPackage("io.stanchion.proto..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.stanchion.raftsm..", "io.stanchion.gateway..", "io.stanchion.node..");

    @ArchTest
    static final ArchRule machineAndGatewayDoNotKnowEachOther = noClasses()
            .that()
            .resideInAPackage("io.stanchion.raftsm..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.stanchion.gateway..", "io.stanchion.node..");

    @ArchTest
    static final ArchRule gatewayDoesNotKnowTheMachine = noClasses()
            .that()
            .resideInAPackage("io.stanchion.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.stanchion.raftsm..", "io.stanchion.node..");

    /** The machine is a function of the log: nothing in it can read a clock, a file or a socket, or start a thread. */
    @ArchTest
    static final ArchRule theMachineIsPure = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.ratis..",
                    "org.rocksdb..",
                    "io.netty..",
                    "io.grpc..",
                    "javax.crypto..",
                    "java.io..",
                    "java.nio.file..",
                    "java.net..",
                    "java.time..",
                    "java.util.concurrent.locks..",
                    "io.stanchion.raftsm.cipher..",
                    "io.stanchion.raftsm.store..",
                    "io.stanchion.raftsm.ratis..");

    @ArchTest
    static final ArchRule theMachineHasNoClockAndNoDice = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread");

    @ArchTest
    static final ArchRule storeDoesNotKnowCommands = noClasses()
            .that()
            .resideInAPackage("io.stanchion.raftsm.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.stanchion.raftsm.command..", "io.stanchion.raftsm.ratis..");

    @ArchTest
    static final ArchRule coreHasNeverHeardOfStreaming = noClasses()
            .that()
            .resideInAPackage("io.stanchion.gateway.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.stanchion.gateway.stan..",
                    "io.stanchion.gateway.connection..",
                    "io.stanchion.gateway.net..",
                    "io.stanchion.proto..");

    @ArchTest
    static final ArchRule streamingKnowsTheRouterOnly = noClasses()
            .that()
            .resideInAPackage("io.stanchion.gateway.stan..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.stanchion.gateway.wire..", "io.stanchion.gateway.connection..", "io.stanchion.gateway.net..");

    @ArchTest
    static final ArchRule wireKnowsNoPolicy = noClasses()
            .that()
            .resideInAPackage("io.stanchion.gateway.wire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.stanchion.gateway.stan..", "io.stanchion.gateway.connection..", "io.stanchion.gateway.net..");

    @ArchTest
    static final ArchRule oneDoorToRatis =
            onlyIn("org.apache.ratis..", "io.stanchion.raftsm.ratis..", "io.stanchion.node.raft..");

    @ArchTest
    static final ArchRule oneDoorToRocksDb = onlyIn("org.rocksdb..", "io.stanchion.raftsm.store..");

    /** Encryption at rest only knows bytes. */
    @ArchTest
    static final ArchRule theCipherKnowsNobody = noClasses()
            .that()
            .resideInAPackage("io.stanchion.raftsm.cipher..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.stanchion.raftsm.command..",
                    "io.stanchion.raftsm.model..",
                    "io.stanchion.raftsm.effect..",
                    "io.stanchion.raftsm.store..",
                    "io.stanchion.raftsm.ratis..",
                    "org.apache.ratis..",
                    "org.rocksdb..");

    @ArchTest
    static final ArchRule oneDoorToGrpc = onlyIn("io.grpc..", "io.stanchion.node.peer..", "io.stanchion.proto.peer..");

    @ArchTest
    static final ArchRule oneDoorToNettysChannels = onlyIn(
            "io.netty.channel..",
            "io.stanchion.gateway.net..",
            "io.stanchion.gateway.connection..",
            "io.stanchion.node.peer..");

    @ArchTest
    static final ArchRule oneDoorToTheNatsClient = onlyIn("io.nats..", "io.stanchion.gateway.external..");

    @ArchTest
    static final ArchRule noCircles =
            slices().matching("io.stanchion.(*).(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule everyClassHasAPlaceOnTheMap = classes()
            .should()
            .resideInAnyPackage(
                    "io.stanchion.proto..",
                    "io.stanchion.raftsm.command..",
                    "io.stanchion.raftsm.model..",
                    "io.stanchion.raftsm.effect..",
                    "io.stanchion.raftsm.cipher..",
                    "io.stanchion.raftsm.store..",
                    "io.stanchion.raftsm.ratis..",
                    "io.stanchion.gateway.wire..",
                    "io.stanchion.gateway.connection..",
                    "io.stanchion.gateway.core..",
                    "io.stanchion.gateway.stan..",
                    "io.stanchion.gateway.external..",
                    "io.stanchion.gateway.net..",
                    "io.stanchion.node",
                    "io.stanchion.node.config..",
                    "io.stanchion.node.compare..",
                    "io.stanchion.node.files..",
                    "io.stanchion.node.admin..",
                    "io.stanchion.node.raft..",
                    "io.stanchion.node.leader..",
                    "io.stanchion.node.log..",
                    "io.stanchion.node.peer..",
                    "io.stanchion.node.monitor..");

    private static ArchRule onlyIn(String library, String... doors) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(doors)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
