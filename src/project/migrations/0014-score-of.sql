-- What a pretraining's best checkpoint is best by was not written down while there was only one way: by the probe.
UPDATE checkpoints SET score_of = 'knn'
 WHERE kind = 'best' AND score IS NOT NULL AND score_of IS NULL
   AND run_id IN (SELECT id FROM runs WHERE kind = 'pretext');
