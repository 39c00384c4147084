  SELECT PLACE AS place, LABEL AS measure, NAME AS n FROM instance WHERE state = 'active'
