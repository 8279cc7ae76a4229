/** The path of one knock through the core; {@link tirl.pipeline.Pipeline} is the class to read first. */
package tirl.pipeline;
