/** The one class that has to be beside Flink's own. */
package org.apache.flink.metrics.prometheus;
