/** The loss of DINO (Caron et al. 2021): the student's answer to a view shall be the teacher's to another. */
import {
  meanOfAll,
  softmaxCrossEntropySoft,
  stopGradient,
  tf,
  type Scalar,
  type Tensor,
} from '../../tensor/index.ts';

export interface DinoTemperatures {
  student: number;
  /** Lower than the student's: sharpens. A number or a float32 scalar. */
  teacher: number | Tensor;
}

/**
 * Mean cross entropy over all pairs of a teacher's and a student's view of the same sample that are not the
 * same view. No gradient flows to the teacher.
 *
 * @param teacher logits of the teacher, float32 [N, K] for each view
 * @param student logits of the student, float32 [N, K]; the teacher's views first, in the same order
 * @param centre float32 [K], what is taken from the teacher's logits
 * @returns the loss, the mean entropy of the teacher's answers (log K: all alike to it; 0: always sure), and these
 *   answers, float32 [N, K] for each of its views
 */
export function dinoLoss(
  teacher: readonly Tensor[],
  student: readonly Tensor[],
  centre: Tensor,
  temperatures: DinoTemperatures,
): { loss: Scalar; teacherEntropy: Scalar; targets: Tensor[] } {
  const targets = teacher.map((logits) =>
    stopGradient(tf.softmax(tf.div(tf.sub(logits, centre), temperatures.teacher))),
  );
  const answers = student.map((logits) => tf.div(logits, temperatures.student));
  const pairs = targets.flatMap((target, at) =>
    answers
      .filter((_, other) => other !== at)
      .map((answer) => tf.mean(softmaxCrossEntropySoft(answer, target))),
  );
  const entropies = targets.map((target) =>
    tf.neg(tf.mean(tf.sum(tf.mul(target, tf.log(tf.add(target, 1e-12))), 1))),
  );
  return {
    loss: tf.div(tf.addN(pairs), pairs.length) as Scalar,
    teacherEntropy: tf.div(tf.addN(entropies), entropies.length) as Scalar,
    targets,
  };
}

/** The centre after a step: it follows the mean of the teacher's logits. */
export function nextCentre(centre: Tensor, teacher: readonly Tensor[], momentum: number): Tensor {
  const mean = meanOfAll(tf.div(tf.addN(teacher.map((logits) => tf.mean(logits, 0))), teacher.length));
  return tf.add(tf.mul(centre, momentum), tf.mul(mean, 1 - momentum));
}
