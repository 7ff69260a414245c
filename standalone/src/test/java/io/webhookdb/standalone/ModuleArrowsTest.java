package io.webhookdb.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point one way. The picture is in docs/architecture.md. */
@AnalyzeClasses(
        packages = "io.webhookdb",
        importOptions = {ImportOption.DoNotIncludeTests.class})
class ModuleArrowsTest {
    @ArchTest
    static final ArchRule modulesDependOneWay =
            layeredArchitecture()
                    .consideringOnlyDependenciesInAnyPackage("io.webhookdb..")
                    .layer("schemas")
                    .definedBy("io.webhookdb.schemas..")
                    .layer("security")
                    .definedBy("io.webhookdb.security..")
                    .layer("embedded")
                    .definedBy("io.webhookdb.embedded..")
                    .layer("ingest")
                    .definedBy("io.webhookdb.ingest..")
                    .layer("connectors")
                    .definedBy("io.webhookdb.connectors..")
                    .layer("jobs")
                    .definedBy("io.webhookdb.jobs..")
                    .layer("controlplane")
                    .definedBy("io.webhookdb.controlplane..")
                    .layer("standalone")
                    .definedBy("io.webhookdb.standalone..")
                    .whereLayer("schemas")
                    .mayNotAccessAnyLayer()
                    .whereLayer("security")
                    .mayOnlyAccessLayers("schemas")
                    .whereLayer("embedded")
                    .mayNotAccessAnyLayer()
                    .whereLayer("ingest")
                    .mayOnlyAccessLayers("security", "schemas")
                    .whereLayer("connectors")
                    .mayOnlyAccessLayers("security", "schemas")
                    .whereLayer("jobs")
                    .mayOnlyAccessLayers("connectors", "security", "schemas")
                    .whereLayer("controlplane")
                    .mayOnlyAccessLayers("security", "schemas")
                    .whereLayer("standalone")
                    .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule packagesOfAModuleHaveNoCycles =
            slices().matching("io.webhookdb.(*).(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyConnectorsJobsAndStandaloneKnowFlink =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.webhookdb.connectors..",
                            "io.webhookdb.jobs..",
                            "io.webhookdb.standalone..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule sharedWordsAndSecurityKnowNoFramework =
            noClasses()
                    .that(resideInAnyPackage("io.webhookdb.schemas..", "io.webhookdb.security.."))
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                            "org.apache.kafka..",
                                            "java.sql..",
                                            "io.vertx..",
                                            "io.javalin..")
                                    // What answers Kafka's client when it logs in.
                                    .and(
                                            not(
                                                    resideInAPackage(
                                                            "org.apache.kafka.common.security.auth.."))));

    @ArchTest
    static final ArchRule thereIsNoRoomForLeftovers =
            classes()
                    .should()
                    .resideOutsideOfPackages("..util..", "..common..", "..helper..", "..misc..");

    @ArchTest
    static final ArchRule nothingSleeps =
            noClasses().should().callMethod(Thread.class, "sleep", long.class);
}
