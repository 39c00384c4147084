  SELECT PLACE AS place, LABEL AS feature, NAME AS told FROM instance WHERE state = 'active'
