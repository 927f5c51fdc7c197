/**
 * What an operator says: the configuration file in NATS syntax, the command line, and the records that the rest of the node is built
 * from. {@link io.stanchion.node.config.ConfigLoader} alone reads files and the environment.
 */
@NullMarked
package io.stanchion.node.config;

import org.jspecify.annotations.NullMarked;
